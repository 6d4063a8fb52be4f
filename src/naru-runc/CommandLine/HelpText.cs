using System.Text;

namespace Naru.Runc.CommandLine;

/// <summary>What <c>--help</c> prints, in runc's layout.</summary>
internal static class HelpText
{
    public const string Program = "naru-runc";

    /// <summary>Of one command.</summary>
    public static string Of(CommandDefinition command)
    {
        var visible = command.Flags.Where(flag => !flag.Hidden).ToList();
        var text = new StringBuilder($"NAME:\n   {Program} {command.Name} - {command.Summary}\n\n");
        text.Append($"USAGE:\n   {Program} {command.Name}{(visible.Count > 0 ? " [command options]" : "")} {command.Words ?? "[arguments...]"}\n");
        if (command.Explanation.Length > 0)
            text.Append($"\n{command.Explanation}\n");
        if (command.Description.Length > 0)
            text.Append($"\nDESCRIPTION:\n   {command.Description}\n");
        if (visible.Count > 0)
        {
            text.Append("\nOPTIONS:\n");
            AppendFlags(text, visible);
            text.Append("   \n");
        }

        return text.ToString();
    }

    /// <summary>Of the program.</summary>
    public static string OfProgram(string version, string root)
    {
        var text = new StringBuilder($"NAME:\n   {Program} - Open Container Initiative runtime\n\n");
        text.Append("""
            Runs containers from bundles: folders with a specification file named "config.json" and a root file system. Takes the
            command line of runc.

            To start a container of the bundle in the current folder:

            """);
        text.Append($"\n    # {Program} run [ -b bundle ] <container-id>\n\nThe name in the place of \"<container-id>\" must be unique on the host.\n\n");
        text.Append($"USAGE:\n   {Program} [global options] command [command options] [arguments...]\n\nVERSION:\n   {version}\n\nCOMMANDS:\n");
        List<(string Name, string Help)> lines = [];
        foreach (var command in CommandTable.All)
            lines.Add((command.Name, command.Summary));
        lines.Add(("help, h", "Shows a list of commands or help for one command"));
        AppendColumns(text, lines);
        text.Append("\nGLOBAL OPTIONS:\n");
        AppendFlags(text, GlobalFlags.All(root).Where(flag => !flag.Hidden));
        return text.ToString();
    }

    private static void AppendFlags(StringBuilder text, IEnumerable<Flag> flags)
    {
        List<(string Name, string Help)> lines = [];
        foreach (var flag in flags)
            lines.Add((flag.Synopsis, flag.Default is null ? flag.Help : $"{flag.Help} (default: {flag.Default})"));
        AppendColumns(text, lines);
    }

    /// <summary>Two columns. A help of several lines ends the alignment: those after it have columns of their own.</summary>
    private static void AppendColumns(StringBuilder text, IReadOnlyList<(string Name, string Help)> lines)
    {
        for (var begin = 0; begin < lines.Count;)
        {
            var end = begin;
            while (end < lines.Count && !lines[end].Help.Contains('\n'))
                end++;
            end = Math.Min(end + 1, lines.Count);
            var width = 0;
            for (var index = begin; index < end; index++)
                width = Math.Max(width, lines[index].Name.Length + 2);
            for (; begin < end; begin++)
                text.Append("   ").Append(lines[begin].Name.PadRight(width)).Append(lines[begin].Help).Append('\n');
        }
    }
}
