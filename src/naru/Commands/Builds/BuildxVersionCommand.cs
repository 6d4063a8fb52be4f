namespace Naru.Cli.Commands.Builds;

/// <summary>`buildx version`: this client's, since it has the builder's commands itself.</summary>
internal static class BuildxVersionCommand
{
    public static Command Create()
    {
        var command = new Command("version", "Show buildx version information") { Aliases = ["buildx version"], Arguments = ArgumentCount.None };
        command.Flags.Bool("debug", 'D', "Enable debug logging");
        command.Run = (context, _) =>
        {
            context.Line($"naru {ClientVersion.Version} {BuildInfo.Commit}");
            return 0;
        };
        return command;
    }
}
