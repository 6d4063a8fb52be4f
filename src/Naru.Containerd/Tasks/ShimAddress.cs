using System.Text;
using System.Text.Json;
using Naru.Base;

namespace Naru.Containerd;

/// <summary>Where a shim answers, and which version of the task service it speaks there: what its start action prints.</summary>
/// <param name="Version">2 or 3: <c>containerd.task.vN.Task</c>.</param>
/// <param name="Address"><c>unix://PATH</c></param>
public sealed record ShimAddress(int Version, string Address)
{
    /// <summary>The ttrpc service's name.</summary>
    public string Service => $"containerd.task.v{Version}.Task";

    /// <summary>Reads what a shim printed: a bare address (version 2), or a JSON object with version, address and protocol.</summary>
    /// <exception cref="NaruException">Unimplemented: a protocol other than ttrpc.</exception>
    public static ShimAddress Parse(string text)
    {
        text = text.Trim();
        if (!text.StartsWith('{'))
            return new ShimAddress(2, text.Length > 0 ? text : throw NaruException.Precondition("shim printed no address: failed precondition"));
        using var document = JsonDocument.Parse(text);
        var root = document.RootElement;
        var protocol = root.TryGetProperty("protocol", out var p) ? p.GetString() : "ttrpc";
        if (protocol is not (null or "" or "ttrpc"))
            throw new NaruException(ErrorKind.Unimplemented, $"shim speaks {protocol}; only ttrpc is supported: not implemented");
        var version = root.TryGetProperty("version", out var v) ? v.GetInt32() : 2;
        return new ShimAddress(version >= 3 ? 3 : 2, root.GetProperty("address").GetString() ?? string.Empty);
    }

    public byte[] Format()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("version", Version);
            writer.WriteString("address", Address);
            writer.WriteString("protocol", "ttrpc");
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
