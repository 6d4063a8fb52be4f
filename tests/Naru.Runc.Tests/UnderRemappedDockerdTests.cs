namespace Naru.Runc.Tests;

/// <summary>The same under an engine whose containers have a user namespace.</summary>
public sealed class UnderRemappedDockerdTests(RemappedDockerd dockerd) : IClassFixture<RemappedDockerd>
{
    /// <summary>What a user namespace has a say in.</summary>
    public static TheoryData<string> Names() => [.. EngineCases.All.Keys.Where(name => name is "out, error and exit code" or "a terminal" or "mounts" or "devices" or "exec" or "memory" or "users"
        or "the process's limits, rights and filter" or "masked and read-only paths" or "a read-only root" or "a device" or "sysctls" or "binds" or "tmpfs and shared memory" or "capabilities" or "pause")];

    [ChainTheory("dockerd", "docker", "containerd", "runc", "iptables", "script", "bash")]
    [MemberData(nameof(Names))]
    public void Both_runtimes_say_the_same(string name) => EngineCases.Compare(dockerd, name);
}
