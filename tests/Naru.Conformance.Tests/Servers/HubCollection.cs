namespace Naru.Conformance.Tests.Servers;

/// <summary>The tests that share one naru-hub.</summary>
[CollectionDefinition(Name)]
public sealed class HubCollection : ICollectionFixture<HubServer>
{
    public const string Name = "naru-hub";
}
