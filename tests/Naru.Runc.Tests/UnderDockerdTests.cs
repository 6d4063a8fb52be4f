namespace Naru.Runc.Tests;

/// <summary>What dockerd's containers say and do is the same with naru-runc as with runc: tests/compare/engine.cases.</summary>
public sealed class UnderDockerdTests(Dockerd dockerd) : IClassFixture<Dockerd>
{
    public static TheoryData<string> Names() => [.. EngineCases.All.Keys];

    [ChainTheory("dockerd", "docker", "containerd", "runc", "iptables", "script", "bash")]
    [MemberData(nameof(Names))]
    public void Both_runtimes_say_the_same(string name) => EngineCases.Compare(dockerd, name);
}
