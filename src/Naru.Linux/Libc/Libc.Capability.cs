using System.Runtime.InteropServices;

namespace Naru.Linux;

/// <summary>linux/capability.h (version 3: two words a set).</summary>
internal static unsafe partial class Libc
{
    public const uint _LINUX_CAPABILITY_VERSION_3 = 0x20080522;

    /// <summary>struct __user_cap_header_struct</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct cap_header
    {
        public uint version;
        public int pid;
    }

    /// <summary>struct __user_cap_data_struct</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct cap_data
    {
        public uint effective, permitted, inheritable;
    }
}
