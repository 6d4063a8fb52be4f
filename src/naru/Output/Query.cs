using System.Globalization;
using System.Text;

namespace Naru.Cli.Output;

/// <summary>A path with its query, built part by part; a null value is left out.</summary>
internal sealed class Query(string path)
{
    private readonly StringBuilder text = new(path);
    private bool first = true;

    public Query Add(string name, string? value)
    {
        if (value is null)
            return this;
        text.Append(first ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        first = false;
        return this;
    }

    public Query Add(string name, bool value) => Add(name, value ? "1" : null);

    public Query Add(string name, long? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

    public override string ToString() => text.ToString();

    public static implicit operator string(Query query) => query.ToString();
}
