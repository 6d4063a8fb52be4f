using System.Text;

namespace Naru.HubServer.Operation;

/// <summary>The name of a value in a log line, ready to be written in either form.</summary>
internal sealed class LogName(string name)
{
    public byte[] Text { get; } = Encoding.UTF8.GetBytes($" {name}=");

    public byte[] Json { get; } = Encoding.UTF8.GetBytes($",\"{name}\":");
}
