using System.Text;

namespace Naru.Linux;

/// <summary>The calling process's ids and the prctl(2) bits about privilege.</summary>
/// <remarks>Ids by the kernel's own calls: the C library's ask every thread to follow, and in the child of a fork wait for threads that are not there.</remarks>
public static unsafe class Credentials
{
    /// <summary>Capabilities survive the next change of uid.</summary>
    public static void KeepCapabilities(bool keep) => Errno.Check(Libc.prctl(Libc.PR_SET_KEEPCAPS, keep ? 1u : 0u, 0, 0, 0), "prctl", "PR_SET_KEEPCAPS");

    public static void SetNoNewPrivileges() => Errno.Check(Libc.prctl(Libc.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl", "PR_SET_NO_NEW_PRIVS");

    /// <summary>False: nobody without CAP_SYS_PTRACE traces this process or follows its /proc links (CVE-2016-9962). Inherited by fork, ended by execve.</summary>
    public static void SetDumpable(bool dumpable) => Errno.Check(Libc.prctl(Libc.PR_SET_DUMPABLE, dumpable ? 1u : 0u, 0, 0, 0), "prctl", "PR_SET_DUMPABLE");

    public static void SetGroups(IReadOnlyList<uint> groups)
    {
        var list = groups.ToArray();
        fixed (uint* pointer = list)
            Errno.Check(Libc.syscall(Libc.SYS_setgroups, (nuint)list.Length, (nuint)pointer, 0, 0, 0), "setgroups");
    }

    public static void SetGid(uint gid) => Errno.Check(Libc.syscall(Libc.SYS_setresgid, gid, gid, gid, 0, 0), "setgid");

    public static void SetUid(uint uid) => Errno.Check(Libc.syscall(Libc.SYS_setresuid, uid, uid, uid, 0, 0), "setuid");

    /// <summary>Has the calling process join the session keyring of that name, or one that is made; kernels without keyrings are fine.</summary>
    /// <param name="permissions">Of the keyring, as keyctl_setperm(3) has them. Who may search it can join it by its name.</param>
    public static void JoinSessionKeyring(string name, uint permissions)
    {
        const nuint joinSessionKeyring = 1, setPermissions = 5;
        fixed (byte* pointer = Files.Bytes(name))
        {
            var keyring = Libc.syscall(Libc.SYS_keyctl, joinSessionKeyring, (nuint)pointer, 0, 0, 0);
            if (keyring < 0 && Errno.Last is not (Errno.ENOSYS or Errno.EPERM or Errno.EDQUOT))
                throw new LinuxException(Errno.Last, "keyctl", name);
            if (keyring >= 0)
                Errno.Check(Libc.syscall(Libc.SYS_keyctl, setPermissions, (nuint)keyring, permissions, 0, 0), "keyctl", name);
        }
    }

    /// <summary>ioprio_set(2) for the calling process.</summary>
    public static void SetIoPriority(int schedulingClass, int priority) =>
        Errno.Check(Libc.syscall(Libc.SYS_ioprio_set, 1, 0, (nuint)(schedulingClass << 13 | priority), 0, 0), "ioprio_set");
}
