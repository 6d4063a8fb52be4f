using System.Diagnostics;

namespace Naru.Chain.Tests;

/// <summary>Debian's docker-registry on loopback, inside an engine's network namespace.</summary>
public sealed class Registry : IDisposable
{
    /// <summary>The one name and password of a registry that asks for them: bcrypt of «secret».</summary>
    private const string Passwords = "u:$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n";

    private readonly Process _process;
    private readonly string _folder;

    /// <param name="port">Free: the namespace is the engine's own.</param>
    /// <param name="locked">Lets in nobody but u, whose password is secret.</param>
    public Registry(string networkNamespace, string folder, int port = 5000, bool locked = false)
    {
        _folder = folder;
        Port = port;
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "htpasswd"), Passwords);
        var asks = locked ? $"auth:\n  htpasswd:\n    realm: test\n    path: {Path.Combine(folder, "htpasswd")}\n" : "";
        var config = Path.Combine(folder, "config.yml");
        File.WriteAllText(config, $"""
            version: 0.1
            log:
              level: error
            storage:
              filesystem:
                rootdirectory: {folder}
              delete:
                enabled: true
            http:
              addr: 127.0.0.1:{Port}
            {asks}
            """);
        _process = Command.Start("nsenter", ["--net=/run/netns/" + networkNamespace, Programs.Original("docker-registry"), "serve", config],
            new Dictionary<string, string?> { ["OTEL_TRACES_EXPORTER"] = "none" });
        Command.Until(() => Command.Run("nsenter", ["--net=/run/netns/" + networkNamespace, "curl", "-s", $"http://127.0.0.1:{Port}/v2/"]).Code == 0, "the registry");
    }

    public int Port { get; }

    /// <summary>The name of a repository here.</summary>
    public string Name(string repository) => $"127.0.0.1:{Port}/{repository}";

    /// <summary>Overwrites a few bytes in the middle of every blob that is larger than a manifest or config.</summary>
    public void Damage()
    {
        foreach (var blob in Directory.EnumerateFiles(Path.Combine(_folder, "docker/registry/v2/blobs"), "data", SearchOption.AllDirectories))
        {
            using var file = File.Open(blob, FileMode.Open);
            if (file.Length < 64 << 10)
            {
                continue;
            }
            file.Position = file.Length / 2;
            file.Write("damaged damaged"u8);
        }
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }
}
