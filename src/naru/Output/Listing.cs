using System.Text;
using Naru.Cli.Template;
using Naru.Cli.Terminal;

namespace Naru.Cli.Output;

/// <summary>Prints rows by a format: "table", "table TEMPLATE", "json", or a template.</summary>
internal static class Listing
{
    public const string FormatUsage = "Format output using a custom template:\n'table':            Print output in table format with column headers (default)\n'table TEMPLATE':   Print output in table format using the given Go template\n'json':             Print in JSON format\n'TEMPLATE':         Print output using the given Go template.\nRefer to https://docs.docker.com/go/formatting/ for more information about formatting output with templates";

    public const string InspectFormatUsage = "Format output using a custom template:\n'json':             Print in JSON format\n'TEMPLATE':         Print output using the given Go template.\nRefer to https://docs.docker.com/go/formatting/ for more information about formatting output with templates";

    /// <summary>-q beside --format: the ids alone, and a word about it.</summary>
    public static string Chosen(string format, string? fromConfig, bool quiet, string id)
    {
        if (format.Length == 0)
            return quiet ? id : fromConfig ?? "";
        return format == "table" && quiet ? id : format;
    }

    /// <param name="table">The template of the plain "table" format.</param>
    /// <exception cref="ExitException">The format does not parse or names an unknown field.</exception>
    public static void Print<T>(string format, string table, Columns<T> columns, IEnumerable<T> rows) => Streams.OutText(Text(format, table, columns, rows));

    /// <summary>The rows as <see cref="Print"/> prints them.</summary>
    public static string Text<T>(string format, string table, Columns<T> columns, IEnumerable<T> rows)
    {
        var aligned = false;
        if (format.Length == 0 || format == "table")
        {
            (format, aligned) = (table, true);
        }
        else if (format.StartsWith("table ", StringComparison.Ordinal))
        {
            (format, aligned) = (format[6..], true);
        }
        else if (format == "json")
        {
            format = "{{json .}}";
        }

        var template = Parse(format.Trim().Replace("\\t", "\t").Replace("\\n", "\n"));
        var text = new StringBuilder();
        try
        {
            foreach (var row in rows)
                text.Append(template.Execute(new RowFields<T>(columns, row, header: false))).Append('\n');
            if (aligned)
                text.Insert(0, template.Execute(new RowFields<T>(columns, default, header: true), header: true) + "\n");
        }
        catch (TemplateException e)
        {
            throw new ExitException(1, $"template parsing error: {e.Message}");
        }

        return aligned ? TabWriter.Align(text.ToString()) : text.ToString();
    }

    /// <exception cref="ExitException">64: the format does not parse.</exception>
    public static GoTemplate Parse(string format)
    {
        try
        {
            return GoTemplate.Parse(format);
        }
        catch (TemplateException e)
        {
            throw new ExitException(64, $"template parsing error: {e.Message}");
        }
    }
}
