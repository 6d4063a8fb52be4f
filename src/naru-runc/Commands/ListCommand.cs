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
        if (arguments.Rest.Count == 0)
            throw NaruException.Invalid("\"ps\" requires a minimum of 1 argument");
        var pids = invocation.Runtime.Pids(arguments.Rest[0]);
        if (arguments.Value("format") is not ("json" or null))
            throw NaruException.Invalid("only --format json is supported: the table is ps(1)'s work");
        Files.WriteStandard(1, ContainerRuntime.PidsText(pids) + "\n");
        return 0;
    }

    /// <summary>Columns as Go's tabwriter sets them: at least 12 wide, one blank between.</summary>
    private static string Table(IReadOnlyList<string[]> rows)
    {
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            for (var column = 0; column < row.Length - 1; column++)
            {
                var width = Math.Max(12, rows.Max(other => other[column].Length) + 1);
                text.Append(row[column].PadRight(width));
            }

            text.Append(row[^1]).Append('\n');
        }

        return text.ToString();
    }
}
