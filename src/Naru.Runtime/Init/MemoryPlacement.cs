using Naru.Base;
using Naru.Linux;
using Naru.Oci.Runtime;

namespace Naru.Runtime.Init;

/// <summary>linux.memoryPolicy: from which NUMA nodes the process's memory comes.</summary>
internal static class MemoryPlacement
{
    private const int Default = 0, MostNodes = 1024;

    /// <summary>mempolicy.h's numbers, in order.</summary>
    private static readonly string[] Modes =
        ["MPOL_DEFAULT", "MPOL_PREFERRED", "MPOL_BIND", "MPOL_INTERLEAVE", "MPOL_LOCAL", "MPOL_PREFERRED_MANY", "MPOL_WEIGHTED_INTERLEAVE"];

    private static readonly (string Name, int Bit)[] Flags =
        [("MPOL_F_STATIC_NODES", 1 << 15), ("MPOL_F_RELATIVE_NODES", 1 << 14), ("MPOL_F_NUMA_BALANCING", 1 << 13)];

    /// <summary>Refuses what <see cref="Apply"/> would not understand.</summary>
    public static void Check(MemoryPolicy? policy)
    {
        if (policy is null)
            return;
        ModeOf(policy);
        var nodes = NodesOf(policy);
        if (policy.Mode == Modes[Default] && (nodes.Count > 0 || policy.Flags is { Count: > 0 }))
            throw NaruException.Invalid("memoryPolicy: MPOL_DEFAULT takes neither nodes nor flags");
    }

    /// <summary>On the calling process, which executes its program next.</summary>
    public static void Apply(MemoryPolicy? policy)
    {
        if (policy is null)
            return;
        try
        {
            MemoryPolicies.Set(ModeOf(policy), NodesOf(policy));
        }
        catch (LinuxException failure)
        {
            throw new NaruException(ErrorKind.InvalidArgument, $"memoryPolicy {policy.Mode} of nodes \"{policy.Nodes}\": {failure.Message}", failure);
        }
    }

    private static int ModeOf(MemoryPolicy policy)
    {
        var mode = Array.IndexOf(Modes, policy.Mode);
        if (mode < 0)
            throw NaruException.Invalid($"invalid memory policy mode \"{policy.Mode}\"");
        foreach (var name in policy.Flags ?? [])
        {
            var bit = Array.Find(Flags, flag => flag.Name == name).Bit;
            mode |= bit != 0 ? bit : throw NaruException.Invalid($"invalid memory policy flag \"{name}\"");
        }

        return mode;
    }

    private static IReadOnlyList<int> NodesOf(MemoryPolicy policy) => NumberList.Parse(policy.Nodes, $"invalid memory policy nodes \"{policy.Nodes}\"", MostNodes);
}
