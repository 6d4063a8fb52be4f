using System.Text;

namespace Naru.Cli.Commands.Containers;

/// <summary>`top`.</summary>
internal static class TopCommand
{
    public static Command Create()
    {
        var command = new Command("top CONTAINER [ps OPTIONS]", "Display the running processes of a container") { Aliases = ["container top", "top"], Arguments = ArgumentCount.AtLeast(1) };
        command.Flags.Interspersed = false;
        command.Run = (context, words) =>
        {
            var top = context.Engine.Get(new Query($"/containers/{EngineClient.Escape(words[0])}/top").Add("ps_args", words.Count > 1 ? string.Join(' ', words.Skip(1)) : null), ApiJson.Default.TopResponse);
            var text = new StringBuilder(string.Join('\t', top.Titles)).Append('\n');
            foreach (var process in top.Processes)
                text.Append(string.Join('\t', process)).Append('\n');
            Terminal.Streams.OutText(TabWriter.Align(text.ToString(), minimumWidth: 20, padding: 3));
            return 0;
        };
        return command;
    }
}
