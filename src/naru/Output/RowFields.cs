using System.Text;
using Naru.Cli.Template;

namespace Naru.Cli.Output;

/// <summary>A row, or the headers in its place, as a template's dot.</summary>
/// <param name="asked">Told the names of the fields that the template reads; null: nobody wants to know.</param>
internal sealed class RowFields<T>(Columns<T> columns, T? row, bool header, Action<string>? asked = null) : ITemplateFields
{
    public string TypeName => columns.TypeName;

    public bool TryField(string name, out object? value)
    {
        asked?.Invoke(name);
        foreach (var field in columns.Fields)
        {
            if (field.Name != name)
                continue;
            value = header ? field.Header : field.Value(row!);
            return true;
        }

        value = null;
        return false;
    }

    public bool IsMethod(string name) => name == "Label" && columns.Label is not null;

    public object? Call(string name, IReadOnlyList<object?> arguments)
    {
        var key = GoPrint.Text(arguments[0]);
        // A column of one label is headed by the last part of the label's name.
        if (header)
            return key.Split('.')[^1].Replace('-', ' ').Replace('_', ' ');
        return columns.Label!(row!)?.GetValueOrDefault(key) ?? "";
    }

    public string Json()
    {
        var text = new StringBuilder("{");
        foreach (var field in columns.Fields.Where(field => !field.Hidden).OrderBy(field => field.Name, StringComparer.Ordinal))
        {
            asked?.Invoke(field.Name);
            if (text.Length > 1)
                text.Append(',');
            GoPrint.WriteJsonText(text, field.Name);
            text.Append(':').Append(GoPrint.Json(field.Value(row!)));
        }

        return text.Append('}').ToString();
    }
}
