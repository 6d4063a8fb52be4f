namespace Naru.Conformance.Tests.Servers;

/// <summary>The tests that share one docker-registry.</summary>
[CollectionDefinition(Name)]
public sealed class DockerRegistryCollection : ICollectionFixture<DockerRegistryServer>
{
    public const string Name = "docker-registry";
}
