using System.Text;
using Naru.Cli.Template;
using Naru.Cli.Terminal;

namespace Naru.Cli.Output;

/// <summary>Prints rows by a format: "table", "table TEMPLATE", "json", or a template.</summary>
internal static class Listing
{
    public const string FormatUsage = "Format output using a custom template:\n'table':            Print output in table format with column headers (default)\n'table TEMPLATE':   Print output in table format using the given Go template\n'json':             Print in JSON format\n'TEMPLATE':         Print output using the given Go template.\nRefer to https://docs.docker.com/go/formatting/ for more information about formatting output with templates";

    public const string InspectFormatUsage = "Format output using a custom template:\n'json':             Print in JSON format\n'TEMPLATE':         Print output using the given Go template.\nRefer to https://docs.docker.com/go/formatting/ for more information about formatting output with templates";

    /// <param name="table">The template of the plain "table" format.</param>
    /// <exception cref="ExitException">The format does not parse or names an unknown field.</exception>
    public static void Print<T>(string format, string table, Columns<T> columns, IEnumerable<T> rows)
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

        format = format.Trim().Replace("\\t", "\t").Replace("\\n", "\n");
        var text = new StringBuilder();
        try
        {
            GoTemplate template;
            try
            {
                template = GoTemplate.Parse(format);
            }
            catch (TemplateException e)
            {
                throw new ExitException(64, $"template parsing error: {e.Message}");
            }

            foreach (var row in rows)
                text.Append(template.Execute(new RowFields<T>(columns, row, header: false))).Append('\n');
            if (aligned)
                text.Insert(0, template.Execute(new RowFields<T>(columns, default, header: true), header: true) + "\n");
        }
        catch (TemplateException e)
        {
            throw new ExitException(1, $"failed to execute template: {e.Message}");
        }

        Streams.OutText(aligned ? TabWriter.Align(text.ToString()) : text.ToString());
    }
}
