using Naru.Linux;
using Naru.Oci.Runtime;
using static Naru.Runtime.Cgroups.CgroupFiles;

namespace Naru.Runtime.Cgroups;

/// <summary>Weights and throttles of v1's blkio controller, whose weights are BFQ's where CFQ is gone (Linux 5.0).</summary>
internal static class LegacyBlockIo
{
    public static void Apply(Cgroup cgroup, BlockIoResources? io)
    {
        if (io is null)
            return;
        if (io.Weight is { } weight and not 0)
            Write(cgroup, "blkio", WeightFile(cgroup), Text((ulong)weight));
        if (io.LeafWeight is { } leafWeight and not 0)
            Write(cgroup, "blkio", "blkio.leaf_weight", Text((ulong)leafWeight));
        foreach (var device in io.WeightDevice ?? [])
        {
            if (device.Weight is { } own and not 0)
                Write(cgroup, "blkio", $"{WeightFile(cgroup)}_device", $"{device.Major}:{device.Minor} {own}");
            if (device.LeafWeight is { } leaf and not 0)
                Write(cgroup, "blkio", "blkio.leaf_weight_device", $"{device.Major}:{device.Minor} {leaf}");
        }

        Throttle(cgroup, "read_bps_device", io.ThrottleReadBpsDevice);
        Throttle(cgroup, "write_bps_device", io.ThrottleWriteBpsDevice);
        Throttle(cgroup, "read_iops_device", io.ThrottleReadIopsDevice);
        Throttle(cgroup, "write_iops_device", io.ThrottleWriteIopsDevice);
    }

    private static void Throttle(Cgroup cgroup, string file, IReadOnlyList<ThrottleDevice>? devices)
    {
        foreach (var device in devices ?? [])
            Write(cgroup, "blkio", $"blkio.throttle.{file}", $"{device.Major}:{device.Minor} {device.Rate}");
    }

    private static string WeightFile(Cgroup cgroup) => Has(cgroup, "blkio", "blkio.weight") ? "blkio.weight" : "blkio.bfq.weight";
}
