namespace Naru.Chain.Tests;

/// <summary>Two engines that share nothing but a registry.</summary>
public sealed class CachePair : IDisposable
{
    private readonly List<Registry> registries = [];

    public CachePair()
    {
        if (!File.Exists(Programs.Narud) || Environment.UserName != "root")
        {
            return;
        }
        // Each engine has a network of its own: two registries of one folder are one registry.
        foreach (var engine in (Engine[])[First, Second])
        {
            registries.Add(new Registry(engine.Namespace, First.Folder["registry"]));
        }
    }

    public Engine First { get; } = new();

    public Engine Second { get; } = new();

    /// <summary>The name of a repository there.</summary>
    public string Name(string repository) => registries[0].Name(repository);

    public void Dispose()
    {
        foreach (var registry in registries)
        {
            registry.Dispose();
        }
        First.Dispose();
        Second.Dispose();
    }
}
