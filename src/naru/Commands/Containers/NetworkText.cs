using System.Globalization;

namespace Naru.Cli.Commands.Containers;

/// <summary>One `--network`: a name, or fields (`name=net,alias=web,ip=10.0.0.2`).</summary>
internal sealed record NetworkText
{
    public required string Target { get; init; }

    public List<string> Aliases { get; init; } = [];

    public string IPv4 { get; set; } = "";

    public string IPv6 { get; set; } = "";

    public string MacAddress { get; set; } = "";

    public List<string> LinkLocal { get; init; } = [];

    public SortedDictionary<string, string> DriverOptions { get; init; } = new(StringComparer.Ordinal);

    public int GatewayPriority { get; set; }

    public static string Validate(string text)
    {
        Parse(text);
        return text;
    }

    public static NetworkText Parse(string text)
    {
        if (!text.Contains('='))
            return new NetworkText { Target = text };
        string? target = null;
        var parsed = new NetworkText { Target = "" };
        foreach (var field in CommaSeparated.Split(text))
        {
            var at = field.IndexOf('=');
            if (at <= 0)
                throw new FlagException($"invalid field {field}");
            var (key, value) = (field[..at].Trim().ToLowerInvariant(), field[(at + 1)..].Trim());
            switch (key)
            {
                case "name":
                    target = value;
                    break;
                case "alias":
                    parsed.Aliases.Add(value);
                    break;
                case "ip":
                    parsed.IPv4 = value;
                    break;
                case "ip6":
                    parsed.IPv6 = value;
                    break;
                case "mac-address":
                    parsed.MacAddress = value;
                    break;
                case "link-local-ip":
                    parsed.LinkLocal.Add(value);
                    break;
                case "driver-opt":
                    var mark = value.IndexOf('=');
                    if (mark <= 0)
                        throw new FlagException("invalid key/value pair format in driver options");
                    parsed.DriverOptions[value[..mark].Trim().ToLowerInvariant()] = value[(mark + 1)..].Trim().ToLowerInvariant();
                    break;
                case "gw-priority":
                    parsed.GatewayPriority = int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var priority) ? priority
                        : throw new FlagException($"invalid gw-priority: invalid syntax");
                    break;
                default:
                    throw new FlagException($"invalid field key {key}");
            }
        }

        return string.IsNullOrEmpty(target) ? throw new FlagException("network name/id is not specified") : parsed with { Target = target };
    }
}
