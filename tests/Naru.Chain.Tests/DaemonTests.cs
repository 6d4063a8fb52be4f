using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Naru.Chain.Tests;

/// <summary>narud's own side: its settings, and the ways to reach it.</summary>
public sealed class DaemonTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ChainFact]
    public void A_setting_has_one_place_and_a_known_name()
    {
        Assert.Equal("configuration OK\n", Check("""{"debug": true, "hosts": ["unix:///x"], "log-opts": {"max-size": "1m"}, "runtimes": {"runc": {"path": "/usr/sbin/runc"}}, "live-restore": true}""").Out);
        Assert.Contains("the following directives don't match any configuration option: foo, bar", Check("""{"foo": 1, "bar": {}}""").Error);
        Assert.Contains(
            "the following directives are specified both as a flag and in the configuration file: debug: (from flag: false, from file: true), hosts: (from flag: [unix:///b], from file: [unix:///a])",
            Check("""{"debug": true, "hosts": ["unix:///a"]}""", "--debug=false", "-H", "unix:///b").Error);
        Assert.Contains("json: cannot unmarshal string into Go struct field Config.debug of type bool", Check("""{"debug": "x"}""").Error);
        Assert.Contains("storage-driver is not supported", Check("""{"storage-driver": "btrfs"}""").Error);
        Assert.Equal("configuration OK\n", Check("""{"registry-mirrors": ["https://mirror.example"]}""").Out);
        Assert.Contains("invalid mirror: unsupported scheme \"ftp\" in \"ftp://mirror.example\"", Check("""{"registry-mirrors": ["ftp://mirror.example"]}""").Error);
        Assert.Contains("invalid CIDR address: x", Check("""{"bip": "x"}""").Error);
        Assert.Equal(new(1, "", "unknown flag: --nope\nSee 'narud --help'.\n"), Command.Run(Programs.Narud, ["--nope"]));
        Assert.Equal(1, Command.Run(Programs.Narud, ["--config-file", _folder["missing"]]).Code);
    }

    [ChainFact]
    public void The_file_sets_the_bridge_the_resolvers_and_the_logs()
    {
        File.WriteAllText(_folder["daemon.json"], """{"bip": "10.211.0.9/24", "dns": ["192.0.2.53"], "dns-search": ["naru.example"], "log-opts": {"max-size": "1m"}}""");
        using var engine = new Engine("--config-file", _folder["daemon.json"]);
        Assert.Equal("10.211.0.9", engine.Must("network", "inspect", "-f", "{{(index .IPAM.Config 0).Gateway}}", "bridge"));
        var answer = engine.Must("run", "--name", "set", Engine.Image, "sh", "-c", "hostname -i; cat /etc/resolv.conf");
        Assert.StartsWith("10.211.0.1\n", answer);
        Assert.Contains("nameserver 192.0.2.53\nsearch naru.example\n", answer);
        Assert.Equal("json-file map[max-size:1m]", engine.Must("inspect", "-f", "{{.HostConfig.LogConfig.Type}} {{.HostConfig.LogConfig.Config}}", "set"));
    }

    [ChainFact]
    public void Two_engines_never_serve_one_folder()
    {
        using var engine = new Engine();
        var second = Command.Run(Programs.Narud, ["-H", $"unix://{_folder["second.sock"]}", "--data-root", engine.Data, "--exec-root", engine.ExecRoot]);
        Assert.Equal((1, true), (second.Code, second.Error.Contains("another narud serves", StringComparison.Ordinal)));
        Assert.True(engine.Answers());
    }

    [ChainFact("python3")]
    public void A_socket_that_is_handed_over_is_served_and_readiness_is_said()
    {
        using var notices = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 20_000 };
        notices.Bind(new UnixDomainSocketEndPoint(_folder["notify"]));
        const string HandOver = """
            import os, socket, sys
            s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen()
            os.dup2(s.fileno(), 3); os.set_inheritable(3, True)
            os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
            os.execv(sys.argv[2], sys.argv[2:])
            """;
        var name = $"nct{Guid.NewGuid():N}"[..12];
        Command.Must("ip", "netns", "add", name);
        using var process = Command.Start(
            "nsenter",
            [
                "--net=/run/netns/" + name, "python3", "-c", HandOver, _folder["api"], Programs.Narud, "-H", "fd://",
                "--data-root", _folder["data"], "--exec-root", _folder["exec"],
            ],
            new Dictionary<string, string?> { ["NOTIFY_SOCKET"] = _folder["notify"] });
        try
        {
            var message = new byte[64];
            Assert.Equal("READY=1", Encoding.UTF8.GetString(message, 0, notices.Receive(message)));
            Assert.Equal("OK", Command.Must("curl", "-sf", "--max-time", "5", "--unix-socket", _folder["api"], "http://naru/_ping"));
            var containerd = _folder.Processes().Single(line => line.Contains("naru-containerd --root", StringComparison.Ordinal)).Split(' ')[0];
            Assert.DoesNotContain(new DirectoryInfo($"/proc/{containerd}/fd").GetFileSystemInfos().Select(entry => entry.Name), descriptor => descriptor == "3" && LinksToListener(containerd));
        }
        finally
        {
            process.Kill();
            process.WaitForExit();
            Command.Run("ip", ["netns", "delete", name]);
        }
    }

    [ChainFact]
    public void On_the_network_only_a_client_with_our_certificate_gets_in()
    {
        Assert.Contains("say --tlsverify, or --tls=false", Check("{}", "-H", "tcp://0.0.0.0:2376").Error);
        using var authority = Certificate("CN=authority", null, "ca");
        using var server = Certificate("CN=server", authority, "server");
        using var client = Certificate("CN=client", authority, "client");
        using var stranger = Certificate("CN=authority", null, "stranger");
        using var engine = new Engine("-H", "tcp://127.0.0.1:2376", "--tlsverify", "--tlscacert", _folder["ca.pem"], "--tlscert", _folder["server.pem"], "--tlskey", _folder["server.key"]);
        Result Ask(string name) => Command.Run(
            "nsenter",
            ["--net=/run/netns/" + engine.Namespace, "curl", "-sS", "--max-time", "5", "--cacert", _folder["ca.pem"], .. name.Length > 0 ? new[] { "--cert", _folder[name + ".pem"], "--key", _folder[name + ".key"] } : [], "https://127.0.0.1:2376/_ping"]);
        Assert.Equal(new(0, "OK", ""), Ask("client"));
        Assert.NotEqual("OK", Ask("stranger").Out);
        Assert.NotEqual("OK", Ask("").Out);
    }

    private Result Check(string json, params string[] flags)
    {
        File.WriteAllText(_folder["daemon.json"], json);
        return Command.Run(Programs.Narud, ["--validate", "--config-file", _folder["daemon.json"], .. flags]);
    }

    private bool LinksToListener(string pid) =>
        File.ReadLines("/proc/net/unix").Any(line => line.EndsWith(_folder["api"], StringComparison.Ordinal)
            && new FileInfo($"/proc/{pid}/fd/3").LinkTarget == $"socket:[{line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[6]}]");

    /// <summary>NAME.pem and NAME.key in the folder; signed by <paramref name="issuer"/>, or by itself.</summary>
    private X509Certificate2 Certificate(string subject, X509Certificate2? issuer, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(issuer is null, false, 0, true));
        if (issuer is not null)
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        var (from, until) = (DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddHours(1));
        var made = issuer is null ? request.CreateSelfSigned(from, until) : request.Create(issuer, from, until, RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(_folder[name + ".pem"], made.ExportCertificatePem());
        File.WriteAllText(_folder[name + ".key"], key.ExportPkcs8PrivateKeyPem());
        return made;
    }
}
