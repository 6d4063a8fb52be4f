namespace Naru.Linux;

/// <summary>From which NUMA nodes the calling thread's memory comes; children and programs inherit it.</summary>
public static unsafe class MemoryPolicies
{
    /// <summary>set_mempolicy(2).</summary>
    /// <param name="mode">MPOL_* with its MPOL_F_* flags.</param>
    /// <param name="nodes">Below 1024.</param>
    public static void Set(int mode, IReadOnlyList<int> nodes)
    {
        const int most = 1024;
        var mask = stackalloc ulong[most / 64];
        new Span<ulong>(mask, most / 64).Clear();
        foreach (var node in nodes)
            mask[node / 64] |= 1UL << node % 64;
        // The kernel reads one bit less than it is told of.
        Errno.Check(Libc.syscall(Libc.SYS_set_mempolicy, (nuint)mode, nodes.Count == 0 ? 0 : (nuint)mask, nodes.Count == 0 ? 0 : (nuint)(most + 1), 0, 0), "set_mempolicy");
    }
}
