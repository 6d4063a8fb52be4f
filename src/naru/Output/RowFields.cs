using System.Text;
using Naru.Cli.Template;

namespace Naru.Cli.Output;

/// <summary>A row, or the headers in its place, as a template's dot.</summary>
internal sealed class RowFields<T>(Columns<T> columns, T? row, bool header) : ITemplateFields
{
    public string TypeName => columns.TypeName;

    public object? Field(string name)
    {
        foreach (var field in columns.Fields)
        {
            if (field.Name == name)
                return header ? field.Header : field.Value(row!);
        }

        return null;
    }

    public string Json()
    {
        var text = new StringBuilder("{");
        foreach (var field in columns.Fields.OrderBy(field => field.Name, StringComparer.Ordinal))
        {
            if (text.Length > 1)
                text.Append(',');
            GoPrint.WriteJsonText(text, field.Name);
            text.Append(':').Append(GoPrint.Json(field.Value(row!)));
        }

        return text.Append('}').ToString();
    }
}
