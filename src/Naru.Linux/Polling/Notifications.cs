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

    /// <summary>The end of a process, any process (pidfd_open(2)); null if it has gone.</summary>
    public static Descriptor? OfEnd(int pid)
    {
        var descriptor = Libc.syscall(Libc.SYS_pidfd_open, (nuint)pid, 0, 0, 0, 0);
        if (descriptor < 0 && Errno.Last == Errno.ESRCH)
            return null;
        return new Descriptor((int)Errno.Check(descriptor, "pidfd_open"));
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
