using Naru.Engine.Containers;
using Naru.Oci.Runtime;

namespace Naru.Engine.Specs;

/// <summary>What a container's spec is made of, besides its record.</summary>
public sealed record SpecInput
{
    public required ContainerRecord Record { get; init; }
    public required User User { get; init; }

    /// <summary>The network namespace to enter; null makes a new, unconnected one; empty is the host's.</summary>
    public string? NetworkNamespace { get; init; }

    /// <summary>pid of the container whose ipc or pid namespace is joined, by namespace kind.</summary>
    public IReadOnlyDictionary<string, int> Joined { get; init; } = new Dictionary<string, int>();

    /// <summary>Host files mounted at /etc/resolv.conf, /etc/hostname, /etc/hosts; by their place in the container.</summary>
    public IReadOnlyDictionary<string, string> EtcFiles { get; init; } = new Dictionary<string, string>();

    /// <summary>A folder of the host for /dev/shm (shareable ipc); null for a tmpfs of its own.</summary>
    public string? SharedMemory { get; init; }
    /// <summary>The host's program that becomes pid 1 and starts the container's; null for none.</summary>
    public string? InitProgram { get; init; }
    public bool AppArmor { get; init; }
    public bool UnifiedCgroups { get; init; }
}
