using System.Globalization;
using System.Text;

namespace Naru.HubServer.Operation;

/// <summary>Writes figures as Prometheus reads them: its text format 0.0.4.</summary>
internal sealed class MetricsText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder text = new(16 << 10);

    /// <summary>Begins a figure.</summary>
    /// <param name="type">counter, gauge or histogram.</param>
    public void Head(string name, string type, string help) => text.Append("# HELP ").Append(name).Append(' ').Append(help).Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    /// <param name="labels">As <c>kind="blob"</c>; their values need no escaping. Empty for none.</param>
    public void Value(string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
            text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    /// <summary>A figure with one value.</summary>
    public void Single(string name, string type, string help, double value)
    {
        Head(name, type, help);
        Value(name, "", value);
    }

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(text.ToString());
}
