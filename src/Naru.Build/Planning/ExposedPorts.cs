using System.Globalization;
using System.Net;
using Naru.Base;
using Naru.Build.Dockerfile.Instructions;

namespace Naru.Build.Planning;

/// <summary>The ports of EXPOSE: <c>80</c>, <c>53/udp</c>, <c>8000-8010</c>; an address and a host port may stand before, and mean nothing.</summary>
internal static class ExposedPorts
{
    private const int MostPorts = 3 * 65536;

    /// <returns><c>port/protocol</c> each.</returns>
    /// <exception cref="NaruException">InvalidArgument, in BuildKit's words.</exception>
    public static List<string> Read(PlanScope scope, StagePlan stage, ExposeInstruction instruction)
    {
        var ports = new List<string>();
        foreach (var written in instruction.Ports)
        {
            foreach (var port in scope.Expander.Expand(written, stage.Environment.Values).Words)
                Read(scope, instruction, port, ports);
        }

        return ports;
    }

    private static void Read(PlanScope scope, ExposeInstruction instruction, string written, List<string> ports)
    {
        var last = written.LastIndexOf(':');
        var before = last < 0 ? -1 : written.LastIndexOf(':', Math.Max(last - 1, 0));
        if (before == last)
            before = -1;
        var address = before < 0 ? "" : written[..before];
        var host = last < 0 ? "" : written[(before + 1)..last];
        var container = written[(last + 1)..];
        var slash = container.IndexOf('/');
        var protocol = slash < 0 ? "" : container[(slash + 1)..];
        var port = slash < 0 ? container : container[..slash];
        if (port.Length == 0)
            throw NaruException.Invalid($"invalid port: {GoText.Quote(written)}: no port specified");
        var lower = protocol.Length == 0 ? "tcp" : protocol.ToLowerInvariant();
        if (lower is not ("tcp" or "udp" or "sctp"))
            throw NaruException.Invalid($"invalid port: {GoText.Quote(written)}: invalid proto: {protocol}");
        if (address.Length > 0 && !IPAddress.TryParse(address.Trim('[', ']'), out _) || IsShort(address))
            throw NaruException.Invalid("invalid IP address: " + address);
        if (!TryRange(port, out var start, out var end))
            throw NaruException.Invalid("invalid containerPort: " + port);
        if (host.Length > 0)
        {
            if (!TryRange(host, out var hostStart, out var hostEnd))
                throw NaruException.Invalid("invalid hostPort: " + host);
            if (end - start != hostEnd - hostStart && end != start)
                throw NaruException.Invalid($"invalid ranges specified for container and host Ports: {port} and {host}");
        }

        if (address.Length > 0 || host.Length > 0)
            scope.Linter.ExposeInvalidFormat(written, instruction.Lines);
        if (protocol != protocol.ToLowerInvariant())
            scope.Linter.ExposeProtoCasing(written, instruction.Lines);
        if (ports.Count + end - start >= MostPorts)
            throw NaruException.Invalid("EXPOSE names too many ports");
        for (var number = start; number <= end; number++)
            ports.Add(string.Create(CultureInfo.InvariantCulture, $"{number}/{lower}"));
    }

    // .NET takes 1.2.3 for 1.2.0.3; Docker does not.
    private static bool IsShort(string address) => address.Length > 0 && !address.Contains(':') && address.Split('.').Length != 4;

    private static bool TryRange(string text, out int start, out int end)
    {
        var dash = text.IndexOf('-');
        end = 0;
        if (dash < 0)
            return TryPort(text, out start) && TryPort(text, out end);
        return TryPort(text[..dash], out start) && TryPort(text[(dash + 1)..], out end) && start <= end;
    }

    private static bool TryPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= 65535;
}
