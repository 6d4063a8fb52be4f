using Microsoft.Win32.SafeHandles;
using Naru.Base;
using Naru.Linux;
using Naru.Oci.Runtime;

namespace Naru.Runtime.Init;

/// <summary>Which namespaces are made new and which are joined. The paths are opened by the runtime, in its own view of the file system.</summary>
internal sealed class NamespacePlan : IDisposable
{
    private readonly List<(NamespaceKinds Kind, SafeFileHandle Handle)> _joined = [];

    /// <summary>Of the runtime; in a user namespace of the container's everyone may be root.</summary>
    private readonly bool _privileged = Processes.EffectiveUid == 0;

    private NamespacePlan(NamespaceKinds created) => Created = created;

    /// <summary>Those that a process can only be born into, or that the rest belongs to; it makes the others itself, while the runtime is at work on its cgroup.</summary>
    public const NamespaceKinds OfFork = NamespaceKinds.User | NamespaceKinds.Pid;

    public NamespaceKinds Created { get; }

    /// <summary>Whether the container has its own user namespace or a joined one.</summary>
    public bool HasUser => Created.HasFlag(NamespaceKinds.User) || JoinsUser;

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
            plan._joined.Add((KindOf(entry.Type), Files.TryOpen(entry.Path, OpenFlags.ReadOnly | OpenFlags.NonBlocking)
                ?? throw NaruException.NotFound($"unable to create new parent process: namespace path: lstat {entry.Path}: no such file or directory")));
        }

        return plan;
    }

    /// <summary>
    /// Whether namespaces must be joined before the process is made. One of a joined user namespace must be born in it, for its pid namespace to be that one's; one with a new user
    /// namespace has no rights over the others' once it is in its own.
    /// </summary>
    public bool JoinsFirst => HasUser && _joined.Count > 0;

    /// <summary>All namespaces of a running process that differ from the caller's, to be joined.</summary>
    public static NamespacePlan OfProcess(int pid)
    {
        var plan = new NamespacePlan(NamespaceKinds.None);
        foreach (var (file, kind) in ((string, NamespaceKinds)[])[("user", NamespaceKinds.User), ("ipc", NamespaceKinds.Ipc), ("uts", NamespaceKinds.Uts),
            ("net", NamespaceKinds.Network), ("pid", NamespaceKinds.Pid), ("mnt", NamespaceKinds.Mount), ("cgroup", NamespaceKinds.Cgroup), ("time", NamespaceKinds.Time)])
        {
            var path = $"/proc/{pid}/ns/{file}";
            // A kernel may lack a kind. One that is there and cannot be read must not be passed over: the process would be left outside.
            if (Files.TryReadLink($"/proc/self/ns/{file}") is { } own && Files.ReadLink(path) != own)
                plan._joined.Add((kind, Files.Open(path, OpenFlags.ReadOnly)));
        }

        return plan;
    }

    /// <summary>
    /// A new time namespace holds for children, and for the caller from its next execve on (Linux 6.2); its clocks are set while it is empty. The runtime makes it before the fork where it may;
    /// an unprivileged one may not, but its process in the user namespace that it has been given.
    /// </summary>
    public void MakeTime(bool byRuntime, IReadOnlyDictionary<string, Oci.Runtime.TimeOffset>? offsets)
    {
        if (!Created.HasFlag(NamespaceKinds.Time) || byRuntime != (_privileged || !HasUser))
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
                Join(handle, kind);
        }
    }

    /// <summary>
    /// A process between the runtime and the child: joins all but the mount namespace. What the caller's own rights are enough for comes before the user namespace, which may have none
    /// over it; what they are not enough for after it.
    /// </summary>
    public void JoinFirst()
    {
        var later = new List<(NamespaceKinds Kind, SafeFileHandle Handle)>();
        foreach (var entry in _joined)
        {
            if (entry.Kind is not (NamespaceKinds.User or NamespaceKinds.Mount) && !TryJoin(entry.Handle, entry.Kind, mayFail: JoinsUser))
                later.Add(entry);
        }

        foreach (var (kind, handle) in _joined)
        {
            if (kind == NamespaceKinds.User)
                Join(handle, kind);
        }

        foreach (var (kind, handle) in later)
            Join(handle, kind);
    }

    /// <summary>Child: joins the rest, the mount namespace last, for it takes the paths away.</summary>
    public void JoinOthers()
    {
        if (!JoinsFirst)
        {
            foreach (var (kind, handle) in _joined)
            {
                if (kind is not (NamespaceKinds.Pid or NamespaceKinds.Mount))
                    Join(handle, kind);
            }
        }

        foreach (var (kind, handle) in _joined)
        {
            if (kind == NamespaceKinds.Mount)
                Join(handle, kind);
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

    private static void Join(SafeFileHandle handle, NamespaceKinds kind) => TryJoin(handle, kind, mayFail: false);

    /// <returns>False: not permitted, where that may be.</returns>
    private static bool TryJoin(SafeFileHandle handle, NamespaceKinds kind, bool mayFail)
    {
        try
        {
            LinuxNamespaces.Join(handle, kind);
            return true;
        }
        catch (LinuxException denied) when (mayFail && denied.Number == Errno.EPERM)
        {
            return false;
        }
        catch (LinuxException failure)
        {
            throw new NaruException(ErrorKind.Internal, $"failed to setns into {kind.ToString().ToLowerInvariant()} namespace: {Errno.Text(failure.Number)}", failure);
        }
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
