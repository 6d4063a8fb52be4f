namespace Naru.Linux;

/// <summary>Puts a compiled filter (an array of struct sock_filter, 8 bytes each) on the calling process.</summary>
public static unsafe class SeccompInstaller
{
    /// <summary>seccomp(2), SECCOMP_SET_MODE_FILTER. Needs no_new_privs or CAP_SYS_ADMIN.</summary>
    /// <returns>With SECCOMP_FILTER_FLAG_NEW_LISTENER, the listener's descriptor, close-on-exec; else 0.</returns>
    public static int Install(ReadOnlySpan<byte> program, uint flags)
    {
        fixed (byte* filter = program)
        {
            // struct sock_fprog: a 16-bit count, padding, a pointer.
            var description = stackalloc ulong[2];
            description[0] = (ulong)(program.Length / 8);
            description[1] = (ulong)filter;
            return (int)Errno.Check(Libc.syscall(Libc.SYS_seccomp, 1, flags, (nuint)description, 0, 0), "seccomp");
        }
    }
}
