using Microsoft.Win32.SafeHandles;
using Naru.Base;
using Naru.Linux;
using Naru.Oci.Runtime;

namespace Naru.Runtime.Init;

/// <summary>Which namespaces are made new and which are joined. The paths are opened by the runtime, in its own view of the file system.</summary>
internal sealed class NamespacePlan : IDisposable
{
    private readonly List<(NamespaceKinds Kind, SafeFileHandle Handle)> _joined = [];

    private NamespacePlan(NamespaceKinds created) => Created = created;

    /// <summary>Those that a process can only be born into, or that the rest belongs to; it makes the others itself, while the runtime is at work on its cgroup.</summary>
    public const NamespaceKinds OfFork = NamespaceKinds.User | NamespaceKinds.Pid;

    public NamespaceKinds Created { get; }

    /// <summary>Whether the container has its own user namespace or a joined one.</summary>
    public bool HasUser => Created.HasFlag(NamespaceKinds.User) || _joined.Exists(entry => entry.Kind == NamespaceKinds.User);

    public bool JoinsUser => _joined.Exists(entry => entry.Kind == NamespaceKinds.User);

    public bool Has(NamespaceKinds kind) => Created.HasFlag(kind) || _joined.Exists(entry => entry.Kind == kind);

    /// <exception cref="NaruException">InvalidArgument: an unknown or repeated type.</exception>
    public static NamespacePlan Open(IReadOnlyList<LinuxNamespace>? namespaces)
    {
        var created = NamespaceKinds.None;
        foreach (var entry in namespaces ?? [])
        {
            if (!string.IsNullOrEmpty(entry.Path))
                continue;
            if (created.HasFlag(KindOf(entry.Type)))
                throw NaruException.Invalid($"malformed spec file: duplicated ns {{\"{entry.Type}\" \"\"}}");
            created |= KindOf(entry.Type);
        }

        var plan = new NamespacePlan(created);
        foreach (var entry in namespaces ?? [])
        {
            if (string.IsNullOrEmpty(entry.Path))
                continue;
            if (plan.Has(KindOf(entry.Type)))
                throw NaruException.Invalid($"malformed spec file: duplicated ns {{\"{entry.Type}\" \"{entry.Path}\"}}");
            plan._joined.Add((KindOf(entry.Type), Files.TryOpen(entry.Path, OpenFlags.ReadOnly)
                ?? throw NaruException.NotFound($"invalid {entry.Type} namespace path: stat {entry.Path}: no such file or directory")));
        }

        return plan;
    }

    /// <summary>All namespaces of a running process that differ from the caller's, to be joined.</summary>
    public static NamespacePlan OfProcess(int pid)
    {
        var plan = new NamespacePlan(NamespaceKinds.None);
        foreach (var (file, kind) in ((string, NamespaceKinds)[])[("user", NamespaceKinds.User), ("ipc", NamespaceKinds.Ipc), ("uts", NamespaceKinds.Uts),
            ("net", NamespaceKinds.Network), ("pid", NamespaceKinds.Pid), ("mnt", NamespaceKinds.Mount), ("cgroup", NamespaceKinds.Cgroup), ("time", NamespaceKinds.Time)])
        {
            var path = $"/proc/{pid}/ns/{file}";
            if (Files.TryReadLink(path) is { } link && link != Files.TryReadLink($"/proc/self/ns/{file}"))
                plan._joined.Add((kind, Files.Open(path, OpenFlags.ReadOnly)));
        }

        return plan;
    }

    /// <summary>Runtime, before the fork: a new time namespace holds for children only, and its clocks are set while it is empty.</summary>
    public void MakeTime(IReadOnlyDictionary<string, Oci.Runtime.TimeOffset>? offsets)
    {
        if (!Created.HasFlag(NamespaceKinds.Time))
            return;
        LinuxNamespaces.Unshare(NamespaceKinds.Time);
        var text = new System.Text.StringBuilder();
        foreach (var (clock, offset) in offsets ?? new Dictionary<string, Oci.Runtime.TimeOffset>())
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{clock} {offset.Secs} {offset.Nanosecs}\n");
        if (text.Length > 0)
            Files.WriteText("/proc/self/timens_offsets", text.ToString());
    }

    /// <summary>Runtime, before the fork: a pid namespace holds for children only, so it is joined here.</summary>
    public void JoinPid()
    {
        foreach (var (kind, handle) in _joined)
        {
            if (kind == NamespaceKinds.Pid)
                LinuxNamespaces.Join(handle, kind);
        }
    }

    /// <summary>Child: joins the rest, the user namespace first, for it gives the rights over the others.</summary>
    public void JoinOthers()
    {
        foreach (var (kind, handle) in _joined.OrderBy(entry => entry.Kind switch { NamespaceKinds.User => 0, NamespaceKinds.Mount => 2, _ => 1 }))
        {
            if (kind != NamespaceKinds.Pid)
                LinuxNamespaces.Join(handle, kind);
        }
    }

    /// <summary>Child: makes those that are neither of the fork nor of a later moment (cgroup: what the process is in becomes its root; time: before the fork).</summary>
    public void MakeOthers()
    {
        if ((Created & ~(OfFork | NamespaceKinds.Cgroup | NamespaceKinds.Time)) is not NamespaceKinds.None and var kinds)
            LinuxNamespaces.Unshare(kinds);
    }

    public void Dispose()
    {
        foreach (var (_, handle) in _joined)
            handle.Dispose();
    }

    private static NamespaceKinds KindOf(string type) => type switch
    {
        "pid" => NamespaceKinds.Pid,
        "network" => NamespaceKinds.Network,
        "mount" => NamespaceKinds.Mount,
        "ipc" => NamespaceKinds.Ipc,
        "uts" => NamespaceKinds.Uts,
        "user" => NamespaceKinds.User,
        "cgroup" => NamespaceKinds.Cgroup,
        "time" => NamespaceKinds.Time,
        _ => throw NaruException.Invalid($"namespace {{\"{type}\" \"\"}} does not exist"),
    };
}
