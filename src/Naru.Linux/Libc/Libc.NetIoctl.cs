using System.Runtime.InteropServices;

namespace Naru.Linux;

/// <summary>net/if.h and linux/sockios.h: netdevice(7).</summary>
internal static unsafe partial class Libc
{
    public const ulong SIOCGIFFLAGS = 0x8913, SIOCSIFFLAGS = 0x8914;
    public const short IFF_UP_FLAG = 1;

    /// <summary>struct ifreq, as far as its flags.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ifreq_t
    {
        public fixed byte ifr_name[16];
        public short ifr_flags;
        private fixed byte rest[22];
    }

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    public static partial int netdevice_ioctl(int fd, ulong request, ifreq_t* argument);
}
