using Naru.Oci.Runtime;

namespace Naru.Runtime.SpecValidation;

/// <summary>linux.resources</summary>
internal static partial class SpecParser
{
    public static Resources ResourcesOf(ref JsonCursor json)
    {
        IReadOnlyList<DeviceRule>? devices = null;
        MemoryResources? memory = null;
        CpuResources? cpu = null;
        PidsResources? pids = null;
        BlockIoResources? blockIo = null;
        IReadOnlyList<HugepageLimit>? hugepageLimits = null;
        NetworkResources? network = null;
        IReadOnlyDictionary<string, RdmaLimit>? rdma = null;
        IReadOnlyDictionary<string, string>? unified = null;
        while (json.Next())
        {
            if (json.Is("devices"u8))
                devices = json.List(DeviceRuleOf);
            else if (json.Is("memory"u8))
                memory = json.Object(MemoryResourcesOf);
            else if (json.Is("cpu"u8))
                cpu = json.Object(CpuResourcesOf);
            else if (json.Is("pids"u8))
                pids = json.Object(PidsResourcesOf);
            else if (json.Is("blockIO"u8))
                blockIo = json.Object(BlockIoResourcesOf);
            else if (json.Is("hugepageLimits"u8))
                hugepageLimits = json.List(HugepageLimitOf);
            else if (json.Is("network"u8))
                network = json.Object(NetworkResourcesOf);
            else if (json.Is("rdma"u8))
                rdma = json.Map(RdmaLimitOf);
            else if (json.Is("unified"u8))
                unified = json.TextMap();
            else
                json.Skip();
        }

        return new Resources
        {
            Devices = devices,
            Memory = memory,
            Cpu = cpu,
            Pids = pids,
            BlockIo = blockIo,
            HugepageLimits = hugepageLimits,
            Network = network,
            Rdma = rdma,
            Unified = unified,
        };
    }

    private static DeviceRule DeviceRuleOf(ref JsonCursor json)
    {
        bool allow = false;
        string? type = null;
        long? major = null;
        long? minor = null;
        string? access = null;
        while (json.Next())
        {
            if (json.Is("allow"u8))
                allow = json.Flag() ?? false;
            else if (json.Is("type"u8))
                type = json.Text();
            else if (json.Is("major"u8))
                major = json.Int64();
            else if (json.Is("minor"u8))
                minor = json.Int64();
            else if (json.Is("access"u8))
                access = json.Text();
            else
                json.Skip();
        }

        return new DeviceRule
        {
            Allow = allow,
            Type = type,
            Major = major,
            Minor = minor,
            Access = access,
        };
    }

    private static MemoryResources MemoryResourcesOf(ref JsonCursor json)
    {
        long? limit = null;
        long? reservation = null;
        long? swap = null;
        long? kernel = null;
        long? kernelTcp = null;
        ulong? swappiness = null;
        bool? disableOomKiller = null;
        bool? useHierarchy = null;
        bool? checkBeforeUpdate = null;
        while (json.Next())
        {
            if (json.Is("limit"u8))
                limit = json.Int64();
            else if (json.Is("reservation"u8))
                reservation = json.Int64();
            else if (json.Is("swap"u8))
                swap = json.Int64();
            else if (json.Is("kernel"u8))
                kernel = json.Int64();
            else if (json.Is("kernelTCP"u8))
                kernelTcp = json.Int64();
            else if (json.Is("swappiness"u8))
                swappiness = json.UInt64();
            else if (json.Is("disableOOMKiller"u8))
                disableOomKiller = json.Flag();
            else if (json.Is("useHierarchy"u8))
                useHierarchy = json.Flag();
            else if (json.Is("checkBeforeUpdate"u8))
                checkBeforeUpdate = json.Flag();
            else
                json.Skip();
        }

        return new MemoryResources
        {
            Limit = limit,
            Reservation = reservation,
            Swap = swap,
            Kernel = kernel,
            KernelTcp = kernelTcp,
            Swappiness = swappiness,
            DisableOomKiller = disableOomKiller,
            UseHierarchy = useHierarchy,
            CheckBeforeUpdate = checkBeforeUpdate,
        };
    }

    private static CpuResources CpuResourcesOf(ref JsonCursor json)
    {
        ulong? shares = null;
        long? quota = null;
        ulong? burst = null;
        ulong? period = null;
        long? realtimeRuntime = null;
        ulong? realtimePeriod = null;
        string? cpus = null;
        string? mems = null;
        long? idle = null;
        while (json.Next())
        {
            if (json.Is("shares"u8))
                shares = json.UInt64();
            else if (json.Is("quota"u8))
                quota = json.Int64();
            else if (json.Is("burst"u8))
                burst = json.UInt64();
            else if (json.Is("period"u8))
                period = json.UInt64();
            else if (json.Is("realtimeRuntime"u8))
                realtimeRuntime = json.Int64();
            else if (json.Is("realtimePeriod"u8))
                realtimePeriod = json.UInt64();
            else if (json.Is("cpus"u8))
                cpus = json.Text();
            else if (json.Is("mems"u8))
                mems = json.Text();
            else if (json.Is("idle"u8))
                idle = json.Int64();
            else
                json.Skip();
        }

        return new CpuResources
        {
            Shares = shares,
            Quota = quota,
            Burst = burst,
            Period = period,
            RealtimeRuntime = realtimeRuntime,
            RealtimePeriod = realtimePeriod,
            Cpus = cpus,
            Mems = mems,
            Idle = idle,
        };
    }

    private static PidsResources PidsResourcesOf(ref JsonCursor json)
    {
        long limit = 0;
        while (json.Next())
        {
            if (json.Is("limit"u8))
                limit = json.Int64() ?? 0;
            else
                json.Skip();
        }

        return new PidsResources
        {
            Limit = limit,
        };
    }

    private static BlockIoResources BlockIoResourcesOf(ref JsonCursor json)
    {
        ushort? weight = null;
        ushort? leafWeight = null;
        IReadOnlyList<WeightDevice>? weightDevice = null;
        IReadOnlyList<ThrottleDevice>? throttleReadBpsDevice = null;
        IReadOnlyList<ThrottleDevice>? throttleWriteBpsDevice = null;
        IReadOnlyList<ThrottleDevice>? throttleReadIopsDevice = null;
        IReadOnlyList<ThrottleDevice>? throttleWriteIopsDevice = null;
        while (json.Next())
        {
            if (json.Is("weight"u8))
                weight = json.UInt16();
            else if (json.Is("leafWeight"u8))
                leafWeight = json.UInt16();
            else if (json.Is("weightDevice"u8))
                weightDevice = json.List(WeightDeviceOf);
            else if (json.Is("throttleReadBpsDevice"u8))
                throttleReadBpsDevice = json.List(ThrottleDeviceOf);
            else if (json.Is("throttleWriteBpsDevice"u8))
                throttleWriteBpsDevice = json.List(ThrottleDeviceOf);
            else if (json.Is("throttleReadIOPSDevice"u8))
                throttleReadIopsDevice = json.List(ThrottleDeviceOf);
            else if (json.Is("throttleWriteIOPSDevice"u8))
                throttleWriteIopsDevice = json.List(ThrottleDeviceOf);
            else
                json.Skip();
        }

        return new BlockIoResources
        {
            Weight = weight,
            LeafWeight = leafWeight,
            WeightDevice = weightDevice,
            ThrottleReadBpsDevice = throttleReadBpsDevice,
            ThrottleWriteBpsDevice = throttleWriteBpsDevice,
            ThrottleReadIopsDevice = throttleReadIopsDevice,
            ThrottleWriteIopsDevice = throttleWriteIopsDevice,
        };
    }

    private static WeightDevice WeightDeviceOf(ref JsonCursor json)
    {
        long major = 0;
        long minor = 0;
        ushort? weight = null;
        ushort? leafWeight = null;
        while (json.Next())
        {
            if (json.Is("major"u8))
                major = json.Int64() ?? 0;
            else if (json.Is("minor"u8))
                minor = json.Int64() ?? 0;
            else if (json.Is("weight"u8))
                weight = json.UInt16();
            else if (json.Is("leafWeight"u8))
                leafWeight = json.UInt16();
            else
                json.Skip();
        }

        return new WeightDevice
        {
            Major = major,
            Minor = minor,
            Weight = weight,
            LeafWeight = leafWeight,
        };
    }

    private static ThrottleDevice ThrottleDeviceOf(ref JsonCursor json)
    {
        long major = 0;
        long minor = 0;
        ulong rate = 0;
        while (json.Next())
        {
            if (json.Is("major"u8))
                major = json.Int64() ?? 0;
            else if (json.Is("minor"u8))
                minor = json.Int64() ?? 0;
            else if (json.Is("rate"u8))
                rate = json.UInt64() ?? 0;
            else
                json.Skip();
        }

        return new ThrottleDevice
        {
            Major = major,
            Minor = minor,
            Rate = rate,
        };
    }

    private static HugepageLimit HugepageLimitOf(ref JsonCursor json)
    {
        string pageSize = "";
        ulong limit = 0;
        while (json.Next())
        {
            if (json.Is("pageSize"u8))
                pageSize = json.Text() ?? "";
            else if (json.Is("limit"u8))
                limit = json.UInt64() ?? 0;
            else
                json.Skip();
        }

        return new HugepageLimit
        {
            PageSize = pageSize,
            Limit = limit,
        };
    }

    private static NetworkResources NetworkResourcesOf(ref JsonCursor json)
    {
        uint? classId = null;
        IReadOnlyList<InterfacePriority>? priorities = null;
        while (json.Next())
        {
            if (json.Is("classID"u8))
                classId = json.UInt32();
            else if (json.Is("priorities"u8))
                priorities = json.List(InterfacePriorityOf);
            else
                json.Skip();
        }

        return new NetworkResources
        {
            ClassId = classId,
            Priorities = priorities,
        };
    }

    private static InterfacePriority InterfacePriorityOf(ref JsonCursor json)
    {
        string name = "";
        uint priority = 0;
        while (json.Next())
        {
            if (json.Is("name"u8))
                name = json.Text() ?? "";
            else if (json.Is("priority"u8))
                priority = json.UInt32() ?? 0;
            else
                json.Skip();
        }

        return new InterfacePriority
        {
            Name = name,
            Priority = priority,
        };
    }

    private static RdmaLimit RdmaLimitOf(ref JsonCursor json)
    {
        uint? hcaHandles = null;
        uint? hcaObjects = null;
        while (json.Next())
        {
            if (json.Is("hcaHandles"u8))
                hcaHandles = json.UInt32();
            else if (json.Is("hcaObjects"u8))
                hcaObjects = json.UInt32();
            else
                json.Skip();
        }

        return new RdmaLimit
        {
            HcaHandles = hcaHandles,
            HcaObjects = hcaObjects,
        };
    }
}
