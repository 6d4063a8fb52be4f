using System.Globalization;
using Naru.Oci.Runtime;
using Naru.Runtime.Checkpoint;
using Naru.Runtime.Lifecycle;

namespace Naru.Runtime.State;

/// <summary>What is kept of a container in its state.json; while it is being created, what there is of it so far.</summary>
internal sealed record ContainerState
{
    public string OciVersion { get; init; } = "";

    public string Id { get; init; } = "";

    /// <summary>Of the first process, as the runtime's pid namespace counts; 0 while there is none.</summary>
    public int Pid { get; init; }

    /// <summary>Clock ticks since boot: with the pid it names one process for ever.</summary>
    public ulong StartTime { get; init; }

    public string Bundle { get; init; } = "";

    public string Rootfs { get; init; } = "";

    public string Created { get; init; } = "";

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>Hierarchy to folder, as <see cref="Naru.Linux.Cgroup.Folders"/>.</summary>
    public IReadOnlyDictionary<string, string> Cgroups { get; init; } = new Dictionary<string, string>();

    /// <summary>The container's class of service, a folder of resctrl; null where it asked for none.</summary>
    public string? Resctrl { get; init; }

    /// <summary>Folders of resctrl that go with the container, in this order.</summary>
    public IReadOnlyList<string> ResctrlOwn { get; init; } = [];

    /// <summary>The unit that systemd keeps the cgroup by; null where it is kept by its folders.</summary>
    public string? CgroupUnit { get; init; }

    /// <summary>The cgroup is an unprivileged user's; the unit, if there is one, his own manager's.</summary>
    public bool RootlessCgroup { get; init; }

    /// <summary>True when the container has no pid namespace of its own: its processes must be killed one by one.</summary>
    public bool SharedPid { get; init; }

    /// <summary>What the kernel called the first process's standard streams at the start; empty where none was a pipe, or it has a terminal.</summary>
    public IReadOnlyList<string> Streams { get; init; } = [];

    /// <summary>Its processes share a session keyring (<see cref="Init.SessionKeyring"/>): it was not created with --no-new-keyring.</summary>
    public bool OwnKeyring { get; init; }

    /// <summary>Kept from config.json at the create: what the bundle says later, if it is there at all, does not count.</summary>
    public IReadOnlyList<Hook>? Poststart { get; init; }

    public IReadOnlyList<Hook>? Poststop { get; init; }

    /// <summary>Of a container of which nothing is made yet.</summary>
    public static ContainerState Begin(Spec spec, CreateOptions options) => new()
    {
        OciVersion = spec.OciVersion,
        Id = options.Id,
        Bundle = options.Bundle,
        Rootfs = Path.GetFullPath(Path.Combine(options.Bundle, spec.Root!.Path)),
        Created = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture),
        Annotations = spec.Annotations,
        OwnKeyring = !options.NoNewKeyring,
        SharedPid = spec.Linux?.Namespaces?.Any(entry => entry is { Type: "pid", Path: null or "" }) != true,
        Streams = spec.Process?.Terminal == true ? [] : StandardStreams.OfCaller(),
        Poststart = spec.Hooks?.Poststart,
        Poststop = spec.Hooks?.Poststop,
    };

    /// <summary>What hooks and others are told of the container. The version is that of the form in which they are told, not the one of the bundle's configuration, as with runc.</summary>
    /// <param name="pid">Of the first process; 0 where there is none any more.</param>
    public Oci.Runtime.State Describe(string status, int pid) => new()
    {
        OciVersion = RuntimeInfo.SpecVersion,
        Id = Id,
        Status = status,
        Pid = pid,
        Bundle = Bundle,
        Annotations = Annotations,
    };
}
