using Naru.Oci.Runtime;

namespace Naru.Runtime.SpecValidation;

/// <summary>The records of config.json from its bytes in one pass, without the type metadata that JsonSerializer builds first (docs/decisions/0021-a-fast-runtime.md).</summary>
/// <remarks>A member that is null counts as absent, an unknown one is passed over, as Go's decoder has it.</remarks>
internal static partial class SpecParser
{
    public static Spec SpecOf(ref JsonCursor json)
    {
        string ociVersion = "";
        Root? root = null;
        string? hostname = null;
        string? domainname = null;
        IReadOnlyList<Mount>? mounts = null;
        Process? process = null;
        Oci.Runtime.Hooks? hooks = null;
        IReadOnlyDictionary<string, string>? annotations = null;
        LinuxSpec? linux = null;
        while (json.Next())
        {
            if (json.Is("ociVersion"u8))
                ociVersion = json.Text() ?? "";
            else if (json.Is("root"u8))
                root = json.Object(RootOf);
            else if (json.Is("hostname"u8))
                hostname = json.Text();
            else if (json.Is("domainname"u8))
                domainname = json.Text();
            else if (json.Is("mounts"u8))
                mounts = json.List(MountOf);
            else if (json.Is("process"u8))
                process = json.Object(ProcessOf);
            else if (json.Is("hooks"u8))
                hooks = json.Object(HooksOf);
            else if (json.Is("annotations"u8))
                annotations = json.TextMap();
            else if (json.Is("linux"u8))
                linux = json.Object(LinuxSpecOf);
            else
                json.Skip();
        }

        return new Spec
        {
            OciVersion = ociVersion,
            Root = root,
            Hostname = hostname,
            Domainname = domainname,
            Mounts = mounts,
            Process = process,
            Hooks = hooks,
            Annotations = annotations,
            Linux = linux,
        };
    }

    private static Root RootOf(ref JsonCursor json)
    {
        string path = "";
        bool @readonly = false;
        while (json.Next())
        {
            if (json.Is("path"u8))
                path = json.Text() ?? "";
            else if (json.Is("readonly"u8))
                @readonly = json.Flag() ?? false;
            else
                json.Skip();
        }

        return new Root
        {
            Path = path,
            Readonly = @readonly,
        };
    }

    private static Mount MountOf(ref JsonCursor json)
    {
        string destination = "";
        string? type = null;
        string? source = null;
        IReadOnlyList<string>? options = null;
        IReadOnlyList<IdMapping>? uidMappings = null;
        IReadOnlyList<IdMapping>? gidMappings = null;
        while (json.Next())
        {
            if (json.Is("destination"u8))
                destination = json.Text() ?? "";
            else if (json.Is("type"u8))
                type = json.Text();
            else if (json.Is("source"u8))
                source = json.Text();
            else if (json.Is("options"u8))
                options = json.Texts();
            else if (json.Is("uidMappings"u8))
                uidMappings = json.List(IdMappingOf);
            else if (json.Is("gidMappings"u8))
                gidMappings = json.List(IdMappingOf);
            else
                json.Skip();
        }

        return new Mount
        {
            Destination = destination,
            Type = type,
            Source = source,
            Options = options,
            UidMappings = uidMappings,
            GidMappings = gidMappings,
        };
    }

    private static IdMapping IdMappingOf(ref JsonCursor json)
    {
        uint containerId = 0;
        uint hostId = 0;
        uint size = 0;
        while (json.Next())
        {
            if (json.Is("containerID"u8))
                containerId = json.UInt32() ?? 0;
            else if (json.Is("hostID"u8))
                hostId = json.UInt32() ?? 0;
            else if (json.Is("size"u8))
                size = json.UInt32() ?? 0;
            else
                json.Skip();
        }

        return new IdMapping
        {
            ContainerId = containerId,
            HostId = hostId,
            Size = size,
        };
    }

    public static Oci.Runtime.Hooks HooksOf(ref JsonCursor json)
    {
        IReadOnlyList<Hook>? prestart = null;
        IReadOnlyList<Hook>? createRuntime = null;
        IReadOnlyList<Hook>? createContainer = null;
        IReadOnlyList<Hook>? startContainer = null;
        IReadOnlyList<Hook>? poststart = null;
        IReadOnlyList<Hook>? poststop = null;
        while (json.Next())
        {
            if (json.Is("prestart"u8))
                prestart = json.List(HookOf);
            else if (json.Is("createRuntime"u8))
                createRuntime = json.List(HookOf);
            else if (json.Is("createContainer"u8))
                createContainer = json.List(HookOf);
            else if (json.Is("startContainer"u8))
                startContainer = json.List(HookOf);
            else if (json.Is("poststart"u8))
                poststart = json.List(HookOf);
            else if (json.Is("poststop"u8))
                poststop = json.List(HookOf);
            else
                json.Skip();
        }

        return new Oci.Runtime.Hooks
        {
            Prestart = prestart,
            CreateRuntime = createRuntime,
            CreateContainer = createContainer,
            StartContainer = startContainer,
            Poststart = poststart,
            Poststop = poststop,
        };
    }

    public static Hook HookOf(ref JsonCursor json)
    {
        string path = "";
        IReadOnlyList<string>? args = null;
        IReadOnlyList<string>? env = null;
        int? timeout = null;
        while (json.Next())
        {
            if (json.Is("path"u8))
                path = json.Text() ?? "";
            else if (json.Is("args"u8))
                args = json.Texts();
            else if (json.Is("env"u8))
                env = json.Texts();
            else if (json.Is("timeout"u8))
                timeout = json.Int32();
            else
                json.Skip();
        }

        return new Hook
        {
            Path = path,
            Args = args,
            Env = env,
            Timeout = timeout,
        };
    }
}
