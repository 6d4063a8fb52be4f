using System.Globalization;
using Naru.Base;

namespace Naru.Engine.Containers;

/// <summary>Ports as the API writes them: <c>80/tcp</c>.</summary>
public static class PortNames
{
    /// <exception cref="NaruException">InvalidArgument.</exception>
    public static (int Port, string Protocol) Parse(string text)
    {
        var parts = text.Split('/', 2);
        var protocol = parts.Length > 1 && parts[1].Length > 0 ? parts[1].ToLowerInvariant() : "tcp";
        if (!int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 0 or > 65535)
            throw NaruException.Invalid($"invalid port specification: \"{text}\"");
        if (protocol is not ("tcp" or "udp" or "sctp"))
            throw NaruException.Invalid($"invalid port specification: \"{text}\": invalid protocol: {protocol}");
        return (port, protocol);
    }

    public static string Normalise(string text)
    {
        var (port, protocol) = Parse(text);
        return string.Create(CultureInfo.InvariantCulture, $"{port}/{protocol}");
    }

    public static void CheckHostPort(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return;
        foreach (var end in text.Split('-', 2))
        {
            if (!int.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > 65535)
                throw NaruException.Invalid($"invalid port specification: \"{text}\"");
        }
    }
}
