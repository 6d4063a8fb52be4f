using System.Collections.Concurrent;
using System.Diagnostics;

namespace Naru.Chain.Tests;

/// <summary>Debian's docker-registry on loopback, inside an engine's network namespace.</summary>
public sealed class Registry : IDisposable
{
    /// <summary>The one name and password of a registry that asks for them: bcrypt of «secret».</summary>
    private const string Passwords = "u:$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n";

    private static ReadOnlySpan<byte> Damaged => "damaged damaged"u8;

    private readonly Process _process;
    private readonly string _folder;
    private readonly ConcurrentQueue<string> _log = new();
    private readonly Dictionary<string, byte[]> _undamaged = [];

    /// <param name="port">Free: the namespace is the engine's own.</param>
    /// <param name="locked">Lets in nobody but u, whose password is secret.</param>
    public Registry(string networkNamespace, string folder, int port = 5000, bool locked = false)
        : this(["nsenter", "--net=/run/netns/" + networkNamespace], folder, port, locked)
    {
    }

    private Registry(string[] enter, string folder, int port, bool locked)
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
        string[] serve = [.. enter, Programs.Original("docker-registry"), "serve", config];
        _process = Command.Start(serve[0], serve[1..], new Dictionary<string, string?> { ["OTEL_TRACES_EXPORTER"] = "none" });
        _process.OutputDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        string[] ask = [.. enter, "curl", "-s", $"http://127.0.0.1:{Port}/v2/"];
        Command.Until(() => Command.Run(ask[0], ask[1..]).Code == 0, "the registry");
    }

    public int Port { get; }

    public string Host => $"127.0.0.1:{Port}";

    /// <summary>One on a free port of the machine's own loopback.</summary>
    public static Registry Open(string folder, bool locked = false) => new([], folder, Hub.FreePort(), locked);

    /// <summary>The name of a repository here.</summary>
    public string Name(string repository) => $"{Host}/{repository}";

    /// <summary>How often something was asked for and given, by its log: <c>GET /v2/app/manifests/1</c>.</summary>
    public int Gave(string request) => _log.Count(line => line.Contains($"\"{request} HTTP/1.1\" 200 ", StringComparison.Ordinal));

    /// <summary>Whether there is such a blob of more than that many bytes.</summary>
    public bool Holds(string digest, int bytes) =>
        new FileInfo(Path.Combine(_folder, "docker/registry/v2/blobs/sha256", digest.Split(':')[1][..2], digest.Split(':')[1], "data")) is { Exists: true } file && file.Length > bytes;

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
            _undamaged[blob] = new byte[Damaged.Length];
            file.ReadExactly(_undamaged[blob]);
            file.Position = file.Length / 2;
            file.Write(Damaged);
        }
    }

    /// <summary>Puts back what <see cref="Damage"/> overwrote.</summary>
    public void Repair()
    {
        foreach (var (blob, bytes) in _undamaged)
        {
            using var file = File.Open(blob, FileMode.Open);
            file.Position = file.Length / 2;
            file.Write(bytes);
        }
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }
}
