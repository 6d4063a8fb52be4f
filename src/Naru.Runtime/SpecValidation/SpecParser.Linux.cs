using Naru.Oci.Runtime;

namespace Naru.Runtime.SpecValidation;

/// <summary>linux</summary>
internal static partial class SpecParser
{
    private static LinuxSpec LinuxSpecOf(ref JsonCursor json)
    {
        IReadOnlyList<IdMapping>? uidMappings = null;
        IReadOnlyList<IdMapping>? gidMappings = null;
        IReadOnlyDictionary<string, string>? sysctl = null;
        Resources? resources = null;
        string? cgroupsPath = null;
        IReadOnlyList<LinuxNamespace>? namespaces = null;
        IReadOnlyList<Device>? devices = null;
        IReadOnlyDictionary<string, NetDevice>? netDevices = null;
        Oci.Runtime.Seccomp? seccomp = null;
        string? rootfsPropagation = null;
        IReadOnlyList<string>? maskedPaths = null;
        IReadOnlyList<string>? readonlyPaths = null;
        string? mountLabel = null;
        IntelRdt? intelRdt = null;
        MemoryPolicy? memoryPolicy = null;
        Personality? personality = null;
        IReadOnlyDictionary<string, TimeOffset>? timeOffsets = null;
        while (json.Next())
        {
            if (json.Is("uidMappings"u8))
                uidMappings = json.List(IdMappingOf);
            else if (json.Is("gidMappings"u8))
                gidMappings = json.List(IdMappingOf);
            else if (json.Is("sysctl"u8))
                sysctl = json.TextMap();
            else if (json.Is("resources"u8))
                resources = json.Object(ResourcesOf);
            else if (json.Is("cgroupsPath"u8))
                cgroupsPath = json.Text();
            else if (json.Is("namespaces"u8))
                namespaces = json.List(LinuxNamespaceOf);
            else if (json.Is("devices"u8))
                devices = json.List(DeviceOf);
            else if (json.Is("netDevices"u8))
                netDevices = json.Map(NetDeviceOf);
            else if (json.Is("seccomp"u8))
                seccomp = json.Object(SeccompOf);
            else if (json.Is("rootfsPropagation"u8))
                rootfsPropagation = json.Text();
            else if (json.Is("maskedPaths"u8))
                maskedPaths = json.Texts();
            else if (json.Is("readonlyPaths"u8))
                readonlyPaths = json.Texts();
            else if (json.Is("mountLabel"u8))
                mountLabel = json.Text();
            else if (json.Is("intelRdt"u8))
                intelRdt = json.Object(IntelRdtOf);
            else if (json.Is("memoryPolicy"u8))
                memoryPolicy = json.Object(MemoryPolicyOf);
            else if (json.Is("personality"u8))
                personality = json.Object(PersonalityOf);
            else if (json.Is("timeOffsets"u8))
                timeOffsets = json.Map(TimeOffsetOf);
            else
                json.Skip();
        }

        return new LinuxSpec
        {
            UidMappings = uidMappings,
            GidMappings = gidMappings,
            Sysctl = sysctl,
            Resources = resources,
            CgroupsPath = cgroupsPath,
            Namespaces = namespaces,
            Devices = devices,
            NetDevices = netDevices,
            Seccomp = seccomp,
            RootfsPropagation = rootfsPropagation,
            MaskedPaths = maskedPaths,
            ReadonlyPaths = readonlyPaths,
            MountLabel = mountLabel,
            IntelRdt = intelRdt,
            MemoryPolicy = memoryPolicy,
            Personality = personality,
            TimeOffsets = timeOffsets,
        };
    }

    private static LinuxNamespace LinuxNamespaceOf(ref JsonCursor json)
    {
        string type = "";
        string? path = null;
        while (json.Next())
        {
            if (json.Is("type"u8))
                type = json.Text() ?? "";
            else if (json.Is("path"u8))
                path = json.Text();
            else
                json.Skip();
        }

        return new LinuxNamespace
        {
            Type = type,
            Path = path,
        };
    }

    private static Device DeviceOf(ref JsonCursor json)
    {
        string path = "";
        string type = "";
        long major = 0;
        long minor = 0;
        uint? fileMode = null;
        uint? uid = null;
        uint? gid = null;
        while (json.Next())
        {
            if (json.Is("path"u8))
                path = json.Text() ?? "";
            else if (json.Is("type"u8))
                type = json.Text() ?? "";
            else if (json.Is("major"u8))
                major = json.Int64() ?? 0;
            else if (json.Is("minor"u8))
                minor = json.Int64() ?? 0;
            else if (json.Is("fileMode"u8))
                fileMode = json.UInt32();
            else if (json.Is("uid"u8))
                uid = json.UInt32();
            else if (json.Is("gid"u8))
                gid = json.UInt32();
            else
                json.Skip();
        }

        return new Device
        {
            Path = path,
            Type = type,
            Major = major,
            Minor = minor,
            FileMode = fileMode,
            Uid = uid,
            Gid = gid,
        };
    }

    private static TimeOffset TimeOffsetOf(ref JsonCursor json)
    {
        long secs = 0;
        uint nanosecs = 0;
        while (json.Next())
        {
            if (json.Is("secs"u8))
                secs = json.Int64() ?? 0;
            else if (json.Is("nanosecs"u8))
                nanosecs = json.UInt32() ?? 0;
            else
                json.Skip();
        }

        return new TimeOffset
        {
            Secs = secs,
            Nanosecs = nanosecs,
        };
    }

    private static Personality PersonalityOf(ref JsonCursor json)
    {
        string domain = "";
        IReadOnlyList<string>? flags = null;
        while (json.Next())
        {
            if (json.Is("domain"u8))
                domain = json.Text() ?? "";
            else if (json.Is("flags"u8))
                flags = json.Texts();
            else
                json.Skip();
        }

        return new Personality
        {
            Domain = domain,
            Flags = flags,
        };
    }

    private static NetDevice NetDeviceOf(ref JsonCursor json)
    {
        string? name = null;
        while (json.Next())
        {
            if (json.Is("name"u8))
                name = json.Text();
            else
                json.Skip();
        }

        return new NetDevice
        {
            Name = name,
        };
    }

    private static MemoryPolicy MemoryPolicyOf(ref JsonCursor json)
    {
        string mode = "";
        string? nodes = null;
        IReadOnlyList<string>? flags = null;
        while (json.Next())
        {
            if (json.Is("mode"u8))
                mode = json.Text() ?? "";
            else if (json.Is("nodes"u8))
                nodes = json.Text();
            else if (json.Is("flags"u8))
                flags = json.Texts();
            else
                json.Skip();
        }

        return new MemoryPolicy
        {
            Mode = mode,
            Nodes = nodes,
            Flags = flags,
        };
    }

    private static IntelRdt IntelRdtOf(ref JsonCursor json)
    {
        string? closId = null;
        IReadOnlyList<string>? schemata = null;
        string? l3CacheSchema = null;
        string? memBwSchema = null;
        bool enableCmt = false;
        bool enableMbm = false;
        bool enableMonitoring = false;
        while (json.Next())
        {
            if (json.Is("closID"u8))
                closId = json.Text();
            else if (json.Is("schemata"u8))
                schemata = json.Texts();
            else if (json.Is("l3CacheSchema"u8))
                l3CacheSchema = json.Text();
            else if (json.Is("memBwSchema"u8))
                memBwSchema = json.Text();
            else if (json.Is("enableCMT"u8))
                enableCmt = json.Flag() ?? false;
            else if (json.Is("enableMBM"u8))
                enableMbm = json.Flag() ?? false;
            else if (json.Is("enableMonitoring"u8))
                enableMonitoring = json.Flag() ?? false;
            else
                json.Skip();
        }

        return new IntelRdt
        {
            ClosId = closId,
            Schemata = schemata,
            L3CacheSchema = l3CacheSchema,
            MemBwSchema = memBwSchema,
            EnableCmt = enableCmt,
            EnableMbm = enableMbm,
            EnableMonitoring = enableMonitoring,
        };
    }
}
