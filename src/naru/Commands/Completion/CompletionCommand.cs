using Naru.Cli.Terminal;

namespace Naru.Cli.Commands.Completion;

/// <summary>`completion bash|fish|powershell|zsh`: prints a script that asks `__complete` for each word.</summary>
internal static class CompletionCommand
{
    public static readonly string[] Shells = ["bash", "fish", "powershell", "zsh"];

    public static Command Create(string shell)
    {
        var command = new Command(shell == "bash" ? shell : shell + " [flags]", $"Generate the autocompletion script for {shell}")
        {
            Arguments = ArgumentCount.None,
            Description = CompletionScripts.Description(shell),
        };
        var bare = command.Flags.Bool("no-descriptions", null, "disable completion descriptions");
        command.Run = (_, _) =>
        {
            Streams.OutText(CompletionScripts.Of(shell, bare ? "__completeNoDesc" : "__complete").Replace("@NAME@", Cli.ProgramName));
            return 0;
        };
        return command;
    }
}
