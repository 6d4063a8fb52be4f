namespace Naru.Shim.Cgroups;

/// <summary>Tells when the kernel ends a process of the container for want of memory: by inotify on v2's memory.events, by v1's oom_control eventfd.</summary>
internal sealed class OomWatch : IDisposable
{
    private readonly Descriptor descriptor;
    private readonly Descriptor? control;
    private readonly Watch watch;
    private readonly string folder, file;
    private readonly Action killed;
    private ulong seen;

    private OomWatch(EventLoop loop, Descriptor descriptor, Descriptor? control, string folder, string file, Action killed)
    {
        this.descriptor = descriptor;
        this.control = control;
        this.folder = folder;
        this.file = file;
        this.killed = killed;
        watch = loop.Add(descriptor, Readiness.Read, _ => Ready());
    }

    /// <summary>Null where the machine cannot tell (no memory controller).</summary>
    public static OomWatch? Start(EventLoop loop, TaskCgroup? cgroup, Action killed)
    {
        try
        {
            if (cgroup?.Unified is { } unified)
                return new OomWatch(loop, Notifications.OfChanges(Path.Combine(unified, "memory.events")), null, unified, "memory.events", killed);
            if (cgroup?.Controller("memory") is not { } memory)
                return null;
            var (notified, control) = Notifications.OfMemoryPressure(memory);
            return new OomWatch(loop, notified, control, memory, "memory.oom_control", killed);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            ShimLog.Debug($"no out-of-memory events: {failure.Message}");
            return null;
        }
    }

    /// <summary>Looks now: the kernel's notice may come after the exit that it explains.</summary>
    public void Check()
    {
        var count = CgroupFile.Pairs(folder, file).GetValueOrDefault("oom_kill");
        if (count <= seen)
            return;
        seen = count;
        killed();
    }

    private void Ready()
    {
        Span<byte> drained = stackalloc byte[512];
        descriptor.Read(drained);
        // A cgroup that is removed wakes its watchers for ever.
        if (!File.Exists(Path.Combine(folder, file)))
            watch.Interest = Readiness.None;
        else
            Check();
    }

    public void Dispose()
    {
        watch.Dispose();
        descriptor.Dispose();
        control?.Dispose();
    }
}
