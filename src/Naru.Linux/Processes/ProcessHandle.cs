using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Naru.Linux;

/// <summary>A process by a descriptor (pidfd_open(2), Linux 5.3): its pid may be another's once it has ended, the descriptor is never.</summary>
public sealed class ProcessHandle : IDisposable
{
    private ProcessHandle(SafeFileHandle handle) => Handle = handle;

    /// <summary>The descriptor itself, for those who take one.</summary>
    public SafeFileHandle Handle { get; }

    /// <exception cref="LinuxException">ESRCH: there is no such process.</exception>
    public static ProcessHandle Open(int pid) =>
        new(Files.Own((int)Libc.syscall(Libc.SYS_pidfd_open, (nuint)pid, 0, 0, 0, 0), "pidfd_open", pid.ToString(CultureInfo.InvariantCulture)));

    /// <summary>As <see cref="Open"/>; null if there is no such process.</summary>
    public static ProcessHandle? TryOpen(int pid)
    {
        try
        {
            return Open(pid);
        }
        catch (LinuxException gone) when (gone.Number is Errno.ESRCH or Errno.EINVAL)
        {
            return null;
        }
    }

    /// <summary>pidfd_send_signal(2); false if the process has ended and was waited for.</summary>
    /// <exception cref="LinuxException"/>
    public bool Signal(int signal)
    {
        if (Libc.syscall(Libc.SYS_pidfd_send_signal, (nuint)Files.Raw(Handle), (nuint)signal, 0, 0, 0) == 0)
            return true;
        return Errno.Last == Errno.ESRCH ? false : throw new LinuxException(Errno.Last, "pidfd_send_signal");
    }

    /// <summary>A copy of the process's descriptor <paramref name="number"/> (pidfd_getfd(2), Linux 5.6). Needs the rights of a tracer.</summary>
    public SafeFileHandle Fetch(int number) =>
        Files.Own((int)Libc.syscall(Libc.SYS_pidfd_getfd, (nuint)Files.Raw(Handle), (nuint)number, 0, 0, 0), "pidfd_getfd");

    public void Dispose() => Handle.Dispose();
}
