using System.Diagnostics;

namespace Naru.Chain.Tests;

/// <summary>Debian's docker-registry on loopback, inside an engine's network namespace.</summary>
public sealed class Registry : IDisposable
{
    private readonly Process _process;

    public Registry(string networkNamespace, string folder)
    {
        Directory.CreateDirectory(folder);
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

            """);
        _process = Command.Start("nsenter", ["--net=/run/netns/" + networkNamespace, Programs.Original("docker-registry"), "serve", config],
            new Dictionary<string, string?> { ["OTEL_TRACES_EXPORTER"] = "none" });
        Command.Until(() => Command.Run("nsenter", ["--net=/run/netns/" + networkNamespace, "curl", "-sf", $"http://127.0.0.1:{Port}/v2/"]).Code == 0, "the registry");
    }

    /// <summary>Free: the namespace is the engine's own.</summary>
    public int Port => 5000;

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }
}
