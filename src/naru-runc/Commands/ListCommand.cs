using System.Globalization;
using System.Text;
using Naru.Base;
using Naru.Linux;
using Naru.Runtime.Lifecycle;

namespace Naru.Runc.Commands;

/// <summary>list and ps.</summary>
internal static class ListCommand
{
    public static int List(Invocation invocation)
    {
        var arguments = Arguments.Parse(invocation.Words, "format,f=", "quiet,q");
        if (invocation.RootIsGiven && !Directory.Exists(invocation.Root))
            throw NaruException.NotFound($"open {invocation.Root}: no such file or directory");
        var entries = invocation.Runtime.List();
        if (arguments.Has("quiet"))
        {
            foreach (var entry in entries)
                Files.WriteStandard(1, entry.Id + "\n");
            return 0;
        }

        switch (arguments.Value("format") ?? "table")
        {
            case "json":
                Files.WriteStandard(1, ContainerRuntime.ListText(entries) + "\n");
                return 0;
            case "table":
                Files.WriteStandard(1, Table([["ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"], .. entries.Select(entry =>
                    new[] { entry.Id, entry.Pid.ToString(CultureInfo.InvariantCulture), entry.Status, entry.Bundle, entry.Created, entry.Owner })]));
                return 0;
            default:
                throw NaruException.Invalid("invalid format option");
        }
    }

    public static int Processes(Invocation invocation)
    {
        var arguments = Arguments.Parse(invocation.Words, "format,f=");
        arguments.Require("ps", 1, int.MaxValue);
        var pids = invocation.Runtime.Pids(arguments.Rest[0]);
        Files.WriteStandard(1, (arguments.Value("format") ?? "table") switch
        {
            "json" => ContainerRuntime.PidsText(pids) + "\n",
            "table" => ContainerRuntime.ProcessTableText(pids, arguments.Rest.Count > 1 ? arguments.Rest.Skip(1).ToList() : ["-ef"]),
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
