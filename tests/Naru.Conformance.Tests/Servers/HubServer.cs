using Naru.Chain.Tests;

namespace Naru.Conformance.Tests.Servers;

/// <summary>The published naru-hub, open to everyone: accounts are not what these tests are about.</summary>
public sealed class HubServer : RegistryServer
{
    /// <summary>The one that tests share. They leave many uploads open, all of nobody.</summary>
    public HubServer()
        : this(null, "--open-uploads", "100000")
    {
    }

    /// <param name="prepare">Told of the folder before the server starts.</param>
    internal HubServer(Action<string>? prepare, params string[] flags)
    {
        prepare?.Invoke(Directory.CreateDirectory(Data).FullName);
        Start(Path.Combine(Programs.Folder, "naru-hub"), ["serve", "--data", Data, "--listen", $"127.0.0.1:{Wire.Port}", "--open", .. flags]);
    }

    /// <summary>The folder that it keeps everything in.</summary>
    public string Data => Folder["data"];
}
