using System.Diagnostics;

namespace Naru.Chain.Tests;

/// <summary>A container's network as those beside, on and in the container use it. What only the kernel's rules decide is tested in the system tests.</summary>
public sealed class NetworkTests(Engine engine) : IClassFixture<Engine>
{
    private const string Image = Engine.Image;

    [ChainFact]
    public void A_container_that_is_created_without_network_has_none()
    {
        var created = Command.Must("curl", "-sS", "--unix-socket", engine.Folder["naru.sock"], "-H", "Content-Type: application/json", "-d", $$"""{"Image":"{{Image}}","Cmd":["ls","/sys/class/net"],"NetworkDisabled":true}""", "http://naru/v1.51/containers/create?name=netless");
        Assert.Contains("\"Id\"", created, StringComparison.Ordinal);
        Assert.Equal("lo", engine.Must("start", "-a", "netless"));
        engine.Must("rm", "netless");
    }

    [ChainFact]
    public void A_published_port_carries_bytes_on_both_loopbacks_and_between_containers()
    {
        engine.Must("run", "-d", "--name", "page", "-p", "8090:80", Image, "sh", "-c", "echo page >/var/www/index.html; exec httpd -f -p 80 -h /var/www");
        Command.Until(() => engine.Curl("http://127.0.0.1:8090/").Out == "page\n", "the page");
        Assert.Equal("page\n", engine.Curl("http://[::1]:8090/").Out);
        var gateway = engine.Must("inspect", "-f", "{{.NetworkSettings.Gateway}}", "page");
        var address = engine.Must("inspect", "-f", "{{.NetworkSettings.IPAddress}}", "page");
        Assert.Equal("page", engine.Must("run", "--rm", Image, "wget", "-qO-", $"http://{gateway}:8090/"));
        Assert.Equal("page", engine.Must("run", "--rm", Image, "wget", "-qO-", $"http://{address}/"));
        Assert.Equal("page", engine.Must("exec", "page", "wget", "-qO-", $"http://{gateway}:8090/"));
        Assert.Equal("page", engine.Must("run", "--rm", "--network", "container:page", Image, "wget", "-qO-", "http://127.0.0.1/"));
        Assert.Equal("page", engine.Must("run", "--rm", "--network", "host", Image, "wget", "-qO-", "http://127.0.0.1:8090/"));
        Assert.NotEqual(0, engine.Naru("run", "--rm", "--network", "none", Image, "wget", "-qO-", $"http://{address}/").Code);
        Assert.Equal("1", engine.Must("run", "--rm", "--network", "none", Image, "sh", "-c", "ping -c 1 -W 2 127.0.0.1 >/dev/null && echo 1"));

        // Killed without a word, the engine leaves the rules: its ports go on.
        engine.Kill();
        Assert.Equal("page\n", engine.Curl("http://127.0.0.1:8090/").Out);
        engine.Start();
        Assert.Equal("page\n", engine.Curl("http://[::1]:8090/").Out);
        Assert.Equal("0.0.0.0:8090\n[::]:8090", engine.Must("port", "page", "80"));
        engine.Must("rm", "-f", "page");
        Assert.NotEqual(0, engine.Curl("http://127.0.0.1:8090/").Code);
    }

    [ChainFact("python3")]
    public void A_udp_port_answers_whoever_asks()
    {
        var id = engine.Must("run", "-d", "--name", "udp", "-p", "8053:53/udp", Image, "sleep", "600");
        // Debian's busybox speaks no UDP: a program of the machine answers, in the container's network.
        const string Server = "import socket; s=socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('', 53))\nwhile True: s.sendto(b'there', s.recvfrom(99)[1])";
        using var server = Command.Start("nsenter", ["--net=" + Path.Combine(engine.ExecRoot, "netns", id), "python3", "-c", Server]);
        var gateway = engine.Must("inspect", "-f", "{{.NetworkSettings.Gateway}}", "udp");
        Command.Until(() => Ask("127.0.0.1") == "there", "the answer");
        Command.Until(() => Ask("::1") == "there", "the answer by ::1");
        Command.Until(() => Ask(gateway) == "there", "the answer by the gateway's address");
        Assert.Equal("0.0.0.0:8053\n[::]:8053", engine.Must("port", "udp", "53/udp"));
        server.Kill();
        server.WaitForExit();
        engine.Must("rm", "-f", "udp");
    }

    [ChainFact]
    public void The_files_for_names_are_as_asked()
    {
        Assert.EndsWith(
            "ff02::2\tip6-allrouters\n1.2.3.4\tx\nADDRESS\tbox.a.b box",
            Masked(engine.Must("run", "--rm", "-h", "box", "--domainname", "a.b", "--add-host", "x:1.2.3.4", Image, "cat", "/etc/hosts")));
        Assert.Contains("\nnameserver 9.9.9.9\noptions ndots:2\n", engine.Must("run", "--rm", "--dns", "9.9.9.9", "--dns-search", ".", "--dns-option", "ndots:2", Image, "cat", "/etc/resolv.conf"));
        Assert.EndsWith("ff02::2\tip6-allrouters", engine.Must("run", "--rm", "--network", "none", Image, "cat", "/etc/hosts"));
        Assert.Equal("02:11:22:33:44:55", engine.Must("run", "--rm", "--mac-address", "02:11:22:33:44:55", Image, "cat", "/sys/class/net/eth0/address"));
    }

    [ChainFact]
    public void What_is_not_there_is_said_at_once()
    {
        var (clock, network) = (Stopwatch.StartNew(), engine.Naru("network", "create", "-d", "nope", "x"));
        Assert.Equal((1, true), (network.Code, network.Error.Contains("plugin \"nope\" not found", StringComparison.Ordinal)));
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 5);
        Assert.Contains("not supported", engine.Naru("network", "create", "x").Error);
        Assert.Contains("bridge is a pre-defined network and cannot be removed", engine.Naru("network", "rm", "bridge").Error);
        var run = engine.Naru("run", "--rm", "--name", "ghost", "--network", "nope", Image, "true");
        Assert.Equal((125, true), (run.Code, run.Error.Contains("network nope not found", StringComparison.Ordinal)));
        Assert.Equal("bridge\nhost\nnone", engine.Must("network", "ls", "--format", "{{.Name}}"));
        Assert.Equal("", engine.Must("ps", "-aq", "--filter", "name=ghost"));
    }

    private string Ask(string address)
    {
        const string Client = "import socket,sys; s=socket.socket(socket.AF_INET6 if ':' in sys.argv[1] else socket.AF_INET, socket.SOCK_DGRAM); s.settimeout(1); s.sendto(b'?', (sys.argv[1], 8053)); print(s.recv(99).decode(), end='')";
        return Command.Run("nsenter", ["--net=/run/netns/" + engine.Namespace, "python3", "-c", Client, address]).Out;
    }

    private static string Masked(string text) => System.Text.RegularExpressions.Regex.Replace(text, @"\b172\.\d+\.\d+\.\d+\b", "ADDRESS");
}
