namespace Naru.Linux;

/// <summary>capabilities(7): names, sets as bits, and the calling thread's sets.</summary>
public static unsafe class Capabilities
{
    private static readonly string[] Names =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID", "CAP_SETUID",
        "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_IPC_LOCK",
        "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_PACCT", "CAP_SYS_ADMIN",
        "CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD", "CAP_LEASE",
        "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL", "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG", "CAP_WAKE_ALARM",
        "CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
    ];

    /// <summary>All names, in the order of their bits.</summary>
    public static IReadOnlyList<string> Known => Names;

    /// <summary>The bit of CAP_SYS_ADMIN, without which a filter needs no_new_privs.</summary>
    public const ulong SysAdmin = 1UL << 21;

    /// <summary>The bits of the named capabilities; names that this kernel or program does not know are left out, as runc leaves them out.</summary>
    public static ulong Parse(IEnumerable<string>? names)
    {
        ulong bits = 0;
        foreach (var name in names ?? [])
        {
            var index = Array.IndexOf(Names, name);
            if (index >= 0)
                bits |= 1UL << index;
        }

        return bits;
    }

    /// <summary>Which of these names are of no capability that this program knows.</summary>
    public static IReadOnlyList<string> Unknown(params IEnumerable<string>?[] sets) =>
        sets.SelectMany(set => set ?? []).Where(name => Array.IndexOf(Names, name) < 0).Distinct().Order(StringComparer.Ordinal).ToList();

    /// <summary>The calling thread's effective, permitted and inheritable sets.</summary>
    public static (ulong Effective, ulong Permitted, ulong Inheritable) Get()
    {
        var header = new Libc.cap_header { version = Libc._LINUX_CAPABILITY_VERSION_3 };
        var data = stackalloc Libc.cap_data[2];
        Errno.Check(Libc.syscall(Libc.SYS_capget, (nuint)(&header), (nuint)data, 0, 0, 0), "capget");
        return (data[0].effective | ((ulong)data[1].effective << 32), data[0].permitted | ((ulong)data[1].permitted << 32),
            data[0].inheritable | ((ulong)data[1].inheritable << 32));
    }

    public static void Set(ulong effective, ulong permitted, ulong inheritable)
    {
        var header = new Libc.cap_header { version = Libc._LINUX_CAPABILITY_VERSION_3 };
        var data = stackalloc Libc.cap_data[2];
        for (var word = 0; word < 2; word++)
        {
            data[word].effective = (uint)(effective >> (32 * word));
            data[word].permitted = (uint)(permitted >> (32 * word));
            data[word].inheritable = (uint)(inheritable >> (32 * word));
        }

        Errno.Check(Libc.syscall(Libc.SYS_capset, (nuint)(&header), (nuint)data, 0, 0, 0), "capset");
    }

    /// <summary>Drops from the bounding set all that <paramref name="kept"/> does not hold.</summary>
    public static void LimitBounding(ulong kept)
    {
        for (var index = 0; index < 64; index++)
        {
            if ((kept >> index & 1) != 0)
                continue;
            if (Libc.prctl(Libc.PR_CAPBSET_DROP, (nuint)index, 0, 0, 0) == 0)
                continue;
            // EINVAL: past the last capability of this kernel.
            if (Errno.Last == Errno.EINVAL)
                return;
            throw new LinuxException(Errno.Last, "prctl", "PR_CAPBSET_DROP");
        }
    }

    /// <summary>Makes the ambient set exactly <paramref name="bits"/>; what is not permitted and inheritable is left out.</summary>
    public static void SetAmbient(ulong bits)
    {
        Libc.prctl(Libc.PR_CAP_AMBIENT, Libc.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
        for (var index = 0; index < 64; index++)
        {
            if ((bits >> index & 1) != 0)
                Libc.prctl(Libc.PR_CAP_AMBIENT, Libc.PR_CAP_AMBIENT_RAISE, (nuint)index, 0, 0);
        }
    }
}
