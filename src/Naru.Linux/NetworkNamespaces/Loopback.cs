using Microsoft.Win32.SafeHandles;

namespace Naru.Linux;

/// <summary>lo of the calling process's network namespace.</summary>
public static unsafe class Loopback
{
    /// <summary>Brings lo up, by netdevice(7)'s ioctls: three system calls, no thread, usable after fork. A new namespace has it down.</summary>
    /// <exception cref="LinuxException"/>
    public static void SetUp()
    {
        using var socket = new SafeFileHandle(Errno.Check(Libc.socket(Libc.AF_INET, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC, 0), "socket"), ownsHandle: true);
        Libc.ifreq_t request = default;
        "lo"u8.CopyTo(new Span<byte>(request.ifr_name, 16));
        Errno.Check(Libc.netdevice_ioctl((int)socket.DangerousGetHandle(), Libc.SIOCGIFFLAGS, &request), "ioctl", "lo");
        request.ifr_flags |= Libc.IFF_UP_FLAG;
        Errno.Check(Libc.netdevice_ioctl((int)socket.DangerousGetHandle(), Libc.SIOCSIFFLAGS, &request), "ioctl", "lo");
    }
}
