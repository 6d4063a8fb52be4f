using System.Globalization;
using System.Net;

namespace Naru.Cli.Commands.Containers;

/// <summary>`-p` and `--expose` by go-connections' rules: [ip:][host[-host]:]container[-container][/proto], or fields.</summary>
internal sealed class PublishedPorts
{
    public SortedDictionary<string, EmptyObject> Exposed { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, List<PortBinding>> Bindings { get; } = new(StringComparer.Ordinal);

    /// <exception cref="NaruException">With Docker's text.</exception>
    public void Publish(string spec)
    {
        if (spec.Contains('='))
            spec = FromFields(spec);
        var (ip, host, container) = Split(spec);
        var slash = container.IndexOf('/');
        var protocol = slash < 0 ? "tcp" : container[(slash + 1)..].ToLowerInvariant();
        container = slash < 0 ? container : container[..slash];
        if (container.Length == 0)
            throw NaruException.Invalid($"no port specified: {spec}<empty>");
        if (ip.Length > 0 && ip[0] == '[')
            ip = ip.Trim('[', ']');
        if (ip.Length > 0 && (!IPAddress.TryParse(ip, out _) || (!ip.Contains(':') && ip.Split('.').Length != 4)))
            throw NaruException.Invalid($"invalid IP address: {ip}");
        var (first, last) = Range(container, "containerPort");
        var (hostFirst, hostLast) = host.Length > 0 ? Range(host, "hostPort") : (0, 0);
        if (host.Length > 0 && last - first != hostLast - hostFirst && first != last)
            throw NaruException.Invalid($"invalid ranges specified for container and host Ports: {container} and {host}");
        if (protocol is not ("tcp" or "udp" or "sctp"))
            throw NaruException.Invalid($"invalid proto: {protocol}");
        for (var offset = 0; offset <= last - first; offset++)
        {
            // One container port with a range of the host's lets the engine choose within it.
            var hostPort = host.Length == 0 ? "" : first == last && hostFirst != hostLast ? $"{hostFirst}-{hostLast}" : (hostFirst + offset).ToString(CultureInfo.InvariantCulture);
            var key = $"{first + offset}/{protocol}";
            Exposed[key] = new EmptyObject();
            if (!Bindings.TryGetValue(key, out var bindings))
                Bindings[key] = bindings = [];
            bindings.Add(new PortBinding { HostIp = ip, HostPort = hostPort });
        }
    }

    /// <exception cref="NaruException">With Docker's text.</exception>
    public void Expose(string spec)
    {
        if (spec.Contains(':'))
            throw NaruException.Invalid($"invalid port format for --expose: {spec}");
        var parts = spec.Split('/', 2);
        int first, last;
        try
        {
            (first, last) = Range(parts[0], "");
        }
        catch (NaruException)
        {
            throw NaruException.Invalid($"invalid range format for --expose: {spec}, error: strconv.ParseUint: parsing {GoText.Quote(parts[0].Split('-')[0])}: invalid syntax");
        }

        for (var port = first; port <= last; port++)
            Exposed.TryAdd($"{port}/{(parts.Length > 1 ? parts[1].ToLowerInvariant() : "tcp")}", new EmptyObject());
    }

    private static (string Ip, string Host, string Container) Split(string spec)
    {
        var parts = spec.Split(':');
        return parts.Length switch
        {
            1 => ("", "", parts[0]),
            2 => ("", parts[0], parts[1]),
            _ => (string.Join(':', parts[..^2]), parts[^2], parts[^1]),
        };
    }

    private static (int First, int Last) Range(string text, string what)
    {
        var dash = text.IndexOf('-');
        var first = Port(dash < 0 ? text : text[..dash]);
        var last = dash < 0 ? first : Port(text[(dash + 1)..]);
        return last >= first ? (first, last) : throw NaruException.Invalid($"invalid {what}: {text}");

        int Port(string digits) => ushort.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : throw NaruException.Invalid($"invalid {what}: {text}");
    }

    /// <summary>`target=80,published=8080,protocol=tcp` as the short form.</summary>
    private static string FromFields(string spec)
    {
        string target = "", published = "", protocol = "tcp";
        foreach (var field in CommaSeparated.Split(spec))
        {
            var at = field.IndexOf('=');
            var (key, value) = at < 0 ? (field, "") : (field[..at].ToLowerInvariant(), field[(at + 1)..]);
            switch (key)
            {
                case "target":
                    target = value;
                    break;
                case "published":
                    published = value;
                    break;
                case "protocol":
                    protocol = value;
                    break;
                case "mode" when value is "ingress" or "host":
                    // Both are the same outside of a swarm.
                    break;
                case "mode":
                    throw NaruException.Invalid($"invalid mode: {value}");
                default:
                    throw NaruException.Invalid($"invalid field key: {key}");
            }
        }

        return $"{(published.Length > 0 ? published + ":" : "")}{target}/{protocol}";
    }
}
