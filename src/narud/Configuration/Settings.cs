using System.Globalization;
using System.Net;
using Naru.Base;
using Naru.Base.Flags;
using Naru.Engine;
using Naru.Engine.Networks;
using Naru.Network;

namespace Naru.Daemon.Configuration;

/// <summary>What narud was told by its command line and daemon.json together.</summary>
internal sealed record Settings
{
    public const string DefaultSocket = "/var/run/naru.sock";

    public required EngineOptions Engine { get; init; }

    public required IReadOnlyList<ListenAddress> Hosts { get; init; }

    /// <summary>Owns the unix sockets, beside root.</summary>
    public required string Group { get; init; }

    /// <summary>True when somebody asked for that group: then it must exist.</summary>
    public bool GroupAsked { get; init; }

    /// <summary>Null: what listens on TCP is not encrypted, and the user said so in as many words.</summary>
    public TlsSettings? Tls { get; init; }

    public string? PidFile { get; init; }

    public LogLevel Level { get; init; } = LogLevel.Info;

    /// <returns>Null when help, the version or a check was asked for, and printed.</returns>
    /// <exception cref="NaruException">InvalidArgument.</exception>
    public static Settings? Parse(string[] arguments)
    {
        var flags = new DaemonFlags();
        try
        {
            if (flags.All.Parse(arguments) is [var word, ..])
                throw NaruException.Invalid($"\"narud\" accepts no arguments.\nSee 'narud --help'.\n\nUsage:  narud [OPTIONS]\n\nunexpected: {word}");
        }
        catch (FlagException e)
        {
            throw NaruException.Invalid($"{e.Message}\nSee 'narud --help'.");
        }

        if (flags.All.HelpWanted || flags.All.Changed("help"))
        {
            Console.Write(flags.Usage(80));
            return null;
        }

        if (flags.Version)
        {
            Console.WriteLine($"Naru version {EngineOptions.EngineVersion}");
            return null;
        }

        DaemonFile.Apply(flags.ConfigFile, flags.ConfigFile.Changed, flags);
        var settings = Of(flags);
        if (!flags.Validate)
            return settings;
        Console.WriteLine("configuration OK");
        return null;
    }

    private static Settings Of(DaemonFlags flags)
    {
        var hosts = flags.Hosts.Values.Count > 0 ? flags.Hosts.Values.Select(ListenAddress.Parse).ToList() : [new ListenAddress.Unix(DefaultSocket) { Text = "unix://" + DefaultSocket }];
        if (!flags.LiveRestore)
            throw NaruException.Invalid("live-restore: containers always outlive this engine; stop them before the engine where they must not");
        return new Settings
        {
            Engine = new EngineOptions
            {
                DataRoot = Path.GetFullPath(flags.DataRoot),
                ExecRoot = Path.GetFullPath(flags.ExecRoot),
                Containerd = flags.Containerd.Value.Length > 0 ? flags.Containerd.Value : null,
                Runtimes = flags.AddRuntime.Values.Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]),
                DefaultRuntime = flags.DefaultRuntime,
                InsecureRegistries = flags.InsecureRegistries.Values,
                RegistryMirrors = [.. flags.RegistryMirrors.Values.Select(text => new Uri(text))],
                Debug = flags.Debug,
                LogDriver = flags.LogDriver,
                LogOptions = flags.LogOptions.Values.Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair.Length == 2 ? pair[1] : ""),
                Network = Network(flags),
            },
            Hosts = hosts,
            Group = flags.Group,
            GroupAsked = flags.Group.Changed,
            Tls = hosts.Exists(host => host is ListenAddress.Tcp) ? Certificates(flags, hosts) : null,
            PidFile = flags.PidFile.Value.Length > 0 ? Path.GetFullPath(flags.PidFile) : null,
            Level = flags.Debug ? LogLevel.Debug : Level(flags.LogLevel),
        };

        static LogLevel Level(string name) => name switch
        {
            "debug" or "trace" => LogLevel.Debug,
            "info" => LogLevel.Info,
            "warn" => LogLevel.Warn,
            "error" or "fatal" => LogLevel.Error,
            _ => throw NaruException.Invalid($"invalid logging level: {name}"),
        };
    }

    /// <summary>An API that the network reaches gives root to whoever reaches it: without certificates only when that is said in as many words.</summary>
    private static TlsSettings? Certificates(DaemonFlags flags, List<ListenAddress> hosts)
    {
        if (flags.Tls || flags.TlsVerify)
            return new TlsSettings(flags.TlsVerify, flags.TlsCaCert, flags.TlsCert, flags.TlsKey);
        if (flags.Tls.Changed || flags.TlsVerify.Changed)
            return null;
        var host = hosts.Find(one => one is ListenAddress.Tcp)!.Text;
        throw NaruException.Invalid($"{host}: an API without --tlsverify gives root on this machine to everyone who reaches it: say --tlsverify, or --tls=false to open it all the same");
    }

    private static EngineNetworkOptions Network(DaemonFlags flags) => new()
    {
        BridgeAddress = flags.Bip.Value.Length == 0 ? null : Bridge(flags.Bip),
        Pools = [.. flags.AddressPools.Values.SelectMany(Pools)],
        Mtu = flags.Mtu.Value is > 67 and <= 65535 ? (int)flags.Mtu.Value : throw NaruException.Invalid($"invalid default MTU: {flags.Mtu.Value}"),
        Dns = flags.Dns.Values,
        DnsOptions = flags.DnsOptions.Values,
        DnsSearch = flags.DnsSearch.Values,
    };

    /// <summary>`172.20.0.1/24`: the gateway and the subnet around it.</summary>
    private static (IPAddress Gateway, IPNetwork Subnet) Bridge(string text)
    {
        var parts = text.Split('/');
        if (parts.Length != 2 || !IPAddress.TryParse(parts[0], out var address) || address.GetAddressBytes().Length != 4
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var prefix) || prefix is < 1 or > 30)
            throw NaruException.Invalid($"invalid CIDR address: {text}");
        return (address, Subnets.Around(address, prefix));
    }

    /// <summary>`base=10.0.0.0/8,size=24`: every subnet of that size in the base.</summary>
    private static IEnumerable<IPNetwork> Pools(string text)
    {
        var values = text.Split(',').Select(part => part.Split('=', 2)).Where(part => part.Length == 2).ToDictionary(part => part[0], part => part[1]);
        if (values.Count != 2 || !values.TryGetValue("base", out var subnet) || !values.TryGetValue("size", out var bits)
            || !IPNetwork.TryParse(subnet, out var whole) || whole.BaseAddress.GetAddressBytes().Length != 4
            || !int.TryParse(bits, NumberStyles.None, CultureInfo.InvariantCulture, out var size) || size < whole.PrefixLength || size > 30)
            throw NaruException.Invalid($"invalid default address pool {text}: it must be base=SUBNET,size=BITS");
        return Subnets.Split(whole, size);
    }
}
