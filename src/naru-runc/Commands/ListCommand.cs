using System.Globalization;
using System.Text;
using Naru.Base;
using Naru.Linux;
using Naru.Runc.CommandLine;
using Naru.Runtime.Lifecycle;

namespace Naru.Runc.Commands;

/// <summary>list and ps.</summary>
internal static class ListCommand
{
    public static CommandDefinition List { get; } = new("list", $"lists containers started by {HelpText.Program} with the given root", ListAll)
    {
        Words = "",
        Explanation = """
            The root is that of the global option "--root".

            EXAMPLES:
                   # naru-runc list
                   # naru-runc --root value list
            """,
        Flags = [Format, new("quiet", FlagKind.Switch, "display only container IDs") { Alias = "q" }],
        Least = 0,
        Most = 0,
    };

    public static CommandDefinition Processes { get; } = new("ps", "ps displays the processes running inside a container", ListProcesses)
    {
        Words = "<container-id> [ps options]",
        Flags = [Format],
        Most = CommandDefinition.AnyNumber,
    };

    private static Flag Format => new("format", FlagKind.Text, "select one of: table or json") { Alias = "f", Default = "\"table\"" };

    private static int ListAll(Invocation invocation)
    {
        var (root, arguments) = (invocation.Global.Root, invocation.Arguments);
        if (!Directory.Exists(root))
            throw NaruException.NotFound($"open {root}: no such file or directory");
        var entries = invocation.Runtime.List();
        if (arguments.Has("quiet"))
        {
            foreach (var entry in entries)
                Files.WriteStandard(1, entry.Id + "\n");
            return 0;
        }

        Files.WriteStandard(1, (arguments.Value("format") ?? "table") switch
        {
            "json" => ContainerRuntime.ListText(entries) + "\n",
            "table" => Table([["ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"], .. entries.Select(entry =>
                new[] { entry.Id, entry.Pid.ToString(CultureInfo.InvariantCulture), entry.Status, entry.Bundle, entry.Created, entry.Owner })]),
            _ => throw NaruException.Invalid("invalid format option"),
        });
        return 0;
    }

    private static int ListProcesses(Invocation invocation)
    {
        var (id, words) = (invocation.Arguments.Rest[0], invocation.Arguments.Rest.Skip(1).ToList());
        var pids = invocation.Runtime.Pids(id);
        Files.WriteStandard(1, (invocation.Arguments.Value("format") ?? "table") switch
        {
            "json" => ContainerRuntime.PidsText(pids) + "\n",
            "table" => ContainerRuntime.ProcessTableText(pids, words.Count > 0 ? words : ["-ef"]),
            _ => throw NaruException.Invalid("invalid format option"),
        });
        return 0;
    }

    /// <summary>Columns as Go's tabwriter sets them: at least 12 wide, three blanks between.</summary>
    private static string Table(IReadOnlyList<string[]> rows)
    {
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            for (var column = 0; column < row.Length - 1; column++)
            {
                var width = Math.Max(12, rows.Max(other => other[column].Length) + 3);
                text.Append(row[column].PadRight(width));
            }

            text.Append(row[^1]).Append('\n');
        }

        return text.ToString();
    }
}
