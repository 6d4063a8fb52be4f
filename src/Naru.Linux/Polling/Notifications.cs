using Naru.Linux.Descriptors;

namespace Naru.Linux.Polling;

/// <summary>Descriptors that become readable when a file in /sys changes.</summary>
public static class Notifications
{
    /// <summary>inotify(7) on one file.</summary>
    /// <exception cref="LinuxException"/>
    public static Descriptor OfChanges(string path)
    {
        var descriptor = new Descriptor(Errno.Check(Libc.inotify_init1(Libc.EVENT_CLOEXEC | Libc.EVENT_NONBLOCK), "inotify_init1"));
        try
        {
            Errno.Check(Libc.inotify_add_watch(descriptor.Number, path, Libc.IN_MODIFY), "inotify_add_watch", path);
            return descriptor;
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }

    /// <summary>cgroup v1's out-of-memory eventfd of a memory cgroup; the second descriptor has to stay open for as long as the first.</summary>
    public static (Descriptor Event, Descriptor Control) OfMemoryPressure(string folder)
    {
        var notified = new Descriptor(Errno.Check(Libc.eventfd(0, Libc.EVENT_CLOEXEC | Libc.EVENT_NONBLOCK), "eventfd"));
        try
        {
            var control = Descriptor.OpenRead(Path.Combine(folder, "memory.oom_control"));
            using var registration = Descriptor.OpenWrite(Path.Combine(folder, "cgroup.event_control"));
            registration.Write(System.Text.Encoding.ASCII.GetBytes($"{notified.Number} {control.Number}"));
            return (notified, control);
        }
        catch
        {
            notified.Dispose();
            throw;
        }
    }
}
