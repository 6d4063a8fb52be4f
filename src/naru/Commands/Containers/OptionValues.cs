using System.Globalization;
using System.Net;
using Naru.Base.Units;

namespace Naru.Cli.Commands.Containers;

/// <summary>Checks of single option values, with Docker's texts. Each returns the value as it is kept.</summary>
internal static class OptionValues
{
    public static string Attach(string value) => value.ToLowerInvariant() is "stdin" or "stdout" or "stderr"
        ? value.ToLowerInvariant()
        : throw new FlagException("valid streams are STDIN, STDOUT and STDERR");

    /// <summary>host:ip or host=ip; kept with a colon.</summary>
    public static string ExtraHost(string value)
    {
        var at = value.IndexOf('=');
        if (at < 0)
            at = value.IndexOf(':');
        if (at <= 0)
            throw new FlagException($"bad format for add-host: {GoText.Quote(value)}");
        var (host, address) = (value[..at], value[(at + 1)..]);
        if (address.Length > 2 && address[0] == '[' && address[^1] == ']')
            address = address[1..^1];
        if (address != "host-gateway" && !IPAddress.TryParse(address, out _))
            throw new FlagException($"invalid IP address in add-host: {GoText.Quote(address)}");
        return $"{host}:{address}";
    }

    public static string Address(string value) => IPAddress.TryParse(value.Trim(), out var address)
        ? address.ToString()
        : throw new FlagException($"IP address is not correctly formatted: {value}");

    public static string DnsSearch(string value)
    {
        var domain = value.Trim(' ');
        return domain == "." || (domain.Length is > 0 and <= 255 && domain.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_'))
            ? domain
            : throw new FlagException($"{value} is not a valid domain");
    }

    /// <summary>NAME=value is kept; a bare NAME takes the client's own value, and is left out without one.</summary>
    public static string Environment(string value)
    {
        if (value.Length == 0 || value[0] == '=')
            throw new FlagException($"invalid environment variable: {value}");
        return value.Contains('=') || global::System.Environment.GetEnvironmentVariable(value) is not { } own ? value : $"{value}={own}";
    }

    public static string Label(string value) => value.Split('=')[0].Trim().Length > 0 ? value : throw new FlagException($"invalid label '{value}': empty name");

    public static string Link(string value)
    {
        var parts = value.Split(':');
        if (value.Length == 0)
            throw new FlagException("empty string specified for links");
        return parts.Length > 2 ? throw new FlagException($"bad format for links: {value}") : parts.Length == 1 ? $"{value}:{value}" : value;
    }

    public static string Sysctl(string value) => value.Contains('=') ? value : throw new FlagException($"sysctl '{value}' is not allowed");

    public static long NanoCpus(string value)
    {
        if (!decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var cpus))
            throw new FlagException($"failed to parse {value} as a rational number");
        var nano = cpus * 1_000_000_000m;
        return nano == decimal.Truncate(nano) ? (long)nano : throw new FlagException("value is too precise");
    }

    public static string WeightDevice(string value)
    {
        var parts = value.Split(':');
        if (parts.Length != 2)
            throw new FlagException($"bad format: {value}");
        DevicePath(value, parts[0]);
        return ulong.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var weight) && (weight == 0 || weight is >= 10 and <= 1000)
            ? value
            : throw new FlagException($"invalid weight for device: {value}");
    }

    public static string ThrottleBytes(string value)
    {
        var parts = value.Split(':');
        if (parts.Length != 2)
            throw new FlagException($"bad format: {value}");
        DevicePath(value, parts[0]);
        try
        {
            return ByteSize.ParseRam(parts[1]) >= 0 ? value : throw new FlagException("");
        }
        catch (FlagException)
        {
            throw new FlagException($"invalid rate for device: {value}. The correct format is <device-path>:<number>[<unit>]. Number must be a positive integer. Unit is optional and can be kb, mb, or gb");
        }
    }

    public static string ThrottleCount(string value)
    {
        var parts = value.Split(':');
        if (parts.Length != 2)
            throw new FlagException($"bad format: {value}");
        DevicePath(value, parts[0]);
        return ulong.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? value
            : throw new FlagException($"invalid rate for device: {value}. The correct format is <device-path>:<number>. Number must be a positive integer");
    }

    public static string DeviceCgroupRule(string value)
    {
        var words = value.Split(' ');
        if (words.Length == 3 && words[0] is "a" or "b" or "c" && words[1].Split(':') is [var major, var minor] && Number(major) && Number(minor)
            && words[2].Length is >= 1 and <= 3 && words[2].All(letter => letter is 'r' or 'w' or 'm'))
            return value;
        throw new FlagException($"invalid device cgroup format '{value}'");

        static bool Number(string text) => text == "*" || (text.Length > 0 && text.All(char.IsAsciiDigit));
    }

    /// <summary>--gpus, whose fields are read by <see cref="GpuRequest"/>.</summary>
    public static string Gpu(string value)
    {
        GpuRequest(value);
        return value;
    }

    public static DeviceRequest GpuRequest(string value)
    {
        var count = 0;
        var counted = false;
        string driver = "";
        List<string>? ids = null;
        var capabilities = new List<string> { "gpu" };
        var options = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in CommaSeparated.Split(value))
        {
            var at = field.IndexOf('=');
            var (key, text) = at < 0 ? ("count", field) : (field[..at], field[(at + 1)..]);
            switch (key)
            {
                case "driver":
                    driver = text;
                    break;
                case "count":
                    counted = true;
                    count = text == "all" ? -1 : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
                        : throw new FlagException($"invalid count ({text}): value must be either \"all\" or an integer: invalid syntax");
                    break;
                case "device":
                    ids = [.. text.Split(',')];
                    break;
                case "capabilities":
                    capabilities = [.. text.Split(','), "gpu"];
                    break;
                case "options":
                    foreach (var pair in CommaSeparated.Split(text))
                        options[pair.Split('=', 2)[0]] = pair.Contains('=') ? pair.Split('=', 2)[1] : "";
                    break;
                default:
                    throw new FlagException($"unexpected key '{key}' in '{field}'");
            }
        }

        return new DeviceRequest { Driver = driver, Count = counted || ids is not null ? count : 1, DeviceIDs = ids, Capabilities = [capabilities], Options = options };
    }

    private static void DevicePath(string value, string path)
    {
        if (!path.StartsWith("/dev/", StringComparison.Ordinal))
            throw new FlagException($"bad format for device path: {value}");
    }
}
