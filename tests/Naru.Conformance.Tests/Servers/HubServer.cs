using Naru.Chain.Tests;

namespace Naru.Conformance.Tests.Servers;

/// <summary>The published naru-hub, open to everyone: accounts are not what these tests are about.</summary>
public sealed class HubServer : RegistryServer
{
    /// <summary>The folder that it keeps everything in.</summary>
    public string Data => Folder["data"];

    public HubServer() => Start(Path.Combine(Programs.Folder, "naru-hub"), "serve", "--data", Data, "--listen", $"127.0.0.1:{Wire.Port}", "--open");
}
