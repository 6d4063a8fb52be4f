namespace Naru.Cli.Commands.Containers;

/// <summary>Ports as `ps` shows them: neighbours joined to ranges, published ones with their host's address.</summary>
internal static class PortText
{
    public static string Format(IReadOnlyList<PortSummary> ports)
    {
        var sorted = ports.OrderBy(port => port.PrivatePort).ThenBy(port => port.IP ?? "", StringComparer.Ordinal)
            .ThenBy(port => port.PublicPort).ThenBy(port => port.Type, StringComparer.Ordinal);
        var groups = new Dictionary<string, (int First, int Last)>();
        var keys = new List<string>();
        var mapped = new List<string>();
        var shown = new List<string>();
        foreach (var port in sorted)
        {
            var key = port.Type;
            if (!string.IsNullOrEmpty(port.IP))
            {
                if (port.PublicPort != port.PrivatePort)
                {
                    mapped.Add($"{Host(port.IP)}:{port.PublicPort}->{port.PrivatePort}/{port.Type}");
                    continue;
                }

                key = $"{port.IP}/{port.Type}";
            }

            if (!groups.TryGetValue(key, out var group))
            {
                groups[key] = (port.PrivatePort, port.PrivatePort);
                keys.Add(key);
            }
            else if (port.PrivatePort == group.Last + 1)
            {
                groups[key] = (group.First, port.PrivatePort);
            }
            else
            {
                shown.Add(Range(key, group.First, group.Last));
                groups[key] = (port.PrivatePort, port.PrivatePort);
            }
        }

        shown.AddRange(keys.Select(key => Range(key, groups[key].First, groups[key].Last)));
        return string.Join(", ", shown.Concat(mapped));
    }

    private static string Host(string address) => address.Contains(':') ? $"[{address}]" : address;

    private static string Range(string key, int first, int last)
    {
        var slash = key.IndexOf('/');
        var ports = first == last ? $"{first}" : $"{first}-{last}";
        return slash < 0 ? $"{ports}/{key}" : $"{Host(key[..slash])}:{ports}->{ports}/{key[(slash + 1)..]}";
    }
}
