using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Naru.Chain.Tests;

/// <summary>The published naru-hub on loopback: inside an engine's network namespace and with accounts (alice and bob, whose passwords are their names with «-password»), or open to all on the machine's own.</summary>
public sealed class Hub : IDisposable
{
    /// <summary>Each has a name of its own, so that no client signs in to one as to another.</summary>
    private static int _lastPort = 5100;

    private readonly string[] _enter;
    private readonly string _folder;
    private readonly string[] _more;
    private Process? _process;

    public Hub(string networkNamespace, string folder)
        : this(["nsenter", "--net=/run/netns/" + networkNamespace], folder, Interlocked.Increment(ref _lastPort), [])
    {
        foreach (var name in (string[])["alice", "bob"])
        {
            var made = Command.Run(Programs.NaruHub, ["user", "add", name, "--password-stdin", "--data", folder], Password(name));
            Assert.True(made.Code == 0, $"naru-hub user add: {made}");
        }

        Start();
    }

    /// <summary>One in a network namespace, on that port, that serves with those flags.</summary>
    public Hub(string networkNamespace, string folder, int port, params string[] serve)
        : this(["nsenter", "--net=/run/netns/" + networkNamespace], folder, port, []) => Start(serve);

    private Hub(string[] enter, string folder, int port, string[] more)
    {
        _enter = enter;
        _folder = folder;
        _more = more;
        Port = port;
        Directory.CreateDirectory(folder);
    }

    public int Port { get; }

    /// <summary>Its process.</summary>
    public int Pid => _process!.Id;

    public string Host => $"127.0.0.1:{Port}";

    /// <summary>One without accounts, on a free port.</summary>
    /// <param name="more">Flags of every command besides its folder.</param>
    public static Hub Open(string folder, params string[] more)
    {
        var hub = new Hub([], folder, FreePort(), more);
        hub.Start("--open");
        return hub;
    }

    /// <summary>One with accounts on a free port of the machine's own network, where people may sign up and <paramref name="admin"/> administers.</summary>
    /// <param name="flags">Of the server.</param>
    public static Hub WithAccounts(string folder, string admin, params string[] flags)
    {
        var hub = new Hub([], folder, FreePort(), []);
        var made = Command.Run(Programs.NaruHub, ["user", "add", admin, "--admin", "--password-stdin", "--data", folder], Password(admin));
        Assert.True(made.Code == 0, $"naru-hub user add: {made}");
        var opened = hub.Run("user", "sign-up", "open");
        Assert.True(opened.Code == 0, $"naru-hub user sign-up: {opened}");
        hub.Start(flags);
        return hub;
    }

    /// <summary>One on a free port, that serves with those flags.</summary>
    public static Hub Serving(string folder, params string[] serve)
    {
        var hub = new Hub([], folder, FreePort(), []);
        hub.Start(serve);
        return hub;
    }

    /// <summary>A port of loopback that nobody listens on.</summary>
    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>The name of a repository here.</summary>
    public string Name(string repository) => $"{Host}/{repository}";

    public static string Password(string account) => $"{account}-password";

    /// <summary>Runs one of its commands on its folder.</summary>
    public Result Run(params string[] words) => Command.Run(Programs.NaruHub, [.. words, "--data", _folder, .. _more]);

    /// <summary>Ends it as a crash would.</summary>
    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Ends it as an operator does: what it still knows is written.</summary>
    public void Stop()
    {
        Command.Must("/bin/kill", Pid.ToString());
        Assert.True(_process!.WaitForExit(15_000), "naru-hub does not end");
        _process.Dispose();
        _process = null;
    }

    public void Start(params string[] flags)
    {
        string[] words = [.. _enter, Programs.NaruHub, "serve", "--data", _folder, "--listen", Host, "--log-level", "error", .. _more, .. flags];
        _process = Command.Start(words[0], words[1..]);
        _ = _process.StandardError.ReadToEndAsync();
        _ = _process.StandardOutput.ReadToEndAsync();
        string[] ask = [.. _enter, "curl", "-s", $"http://{Host}/healthz"];
        Command.Until(() => Command.Run(ask[0], ask[1..]).Code == 0, "naru-hub");
    }

    public void Dispose()
    {
        if (_process is not null)
            Kill();
    }
}
