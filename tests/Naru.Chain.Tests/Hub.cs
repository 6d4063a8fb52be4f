using System.Diagnostics;

namespace Naru.Chain.Tests;

/// <summary>The published naru-hub on loopback, inside an engine's network namespace, with accounts: alice and bob, whose passwords are their names with «-password».</summary>
public sealed class Hub : IDisposable
{
    private readonly string _namespace;
    private readonly string _folder;
    private Process? _process;

    /// <param name="port">Free: the namespace is the engine's own.</param>
    /// <param name="more">Flags of serve besides its folder and address.</param>
    public Hub(string networkNamespace, string folder, int port = 5100, params string[] more)
    {
        _namespace = networkNamespace;
        _folder = folder;
        Port = port;
        Directory.CreateDirectory(folder);
        foreach (var name in (string[])["alice", "bob"])
        {
            var made = Command.Run(Programs.NaruHub, ["user", "add", name, "--password-stdin", "--data", folder], Password(name));
            Assert.True(made.Code == 0, $"naru-hub user add: {made}");
        }

        Start(more);
    }

    public int Port { get; }

    public string Host => $"127.0.0.1:{Port}";

    public int Pid => _process!.Id;

    /// <summary>The name of a repository here.</summary>
    public string Name(string repository) => $"{Host}/{repository}";

    public static string Password(string account) => $"{account}-password";

    /// <summary>Runs one of its commands on its folder.</summary>
    public Result Run(params string[] words) => Command.Run(Programs.NaruHub, [.. words, "--data", _folder]);

    /// <summary>Ends it as a crash would.</summary>
    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    public void Start(params string[] more)
    {
        _process = Command.Start("nsenter", ["--net=/run/netns/" + _namespace, Programs.NaruHub, "serve", "--data", _folder, "--listen", Host, "--log-level", "error", .. more]);
        Command.Until(() => Command.Run("nsenter", ["--net=/run/netns/" + _namespace, "curl", "-s", $"http://{Host}/v2/"]).Code == 0, "naru-hub");
    }

    public void Dispose()
    {
        if (_process is null)
            return;
        Kill();
    }
}
