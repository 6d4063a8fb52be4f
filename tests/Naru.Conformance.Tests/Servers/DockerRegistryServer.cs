using Naru.Chain.Tests;

namespace Naru.Conformance.Tests.Servers;

/// <summary>Debian's docker-registry, which is Docker's own 2.8, with deletion switched on.</summary>
public sealed class DockerRegistryServer : RegistryServer
{
    public DockerRegistryServer()
    {
        if (Programs.Find("docker-registry") is not { } program)
            return; // its tests are skipped, and say so
        File.WriteAllText(Folder["config.yml"], $"""
            version: 0.1
            log:
              level: error
              accesslog:
                disabled: true
            storage:
              filesystem:
                rootdirectory: {Folder["data"]}
              delete:
                enabled: true
            http:
              addr: 127.0.0.1:{Wire.Port}
            """);
        Start(program, "serve", Folder["config.yml"]);
    }
}
