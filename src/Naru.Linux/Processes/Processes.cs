using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Naru.Linux;

/// <summary>fork, execve, wait and kill. Only a program with one thread may fork (docs/decisions/0001-fork-from-managed-code.md).</summary>
public static unsafe class Processes
{
    /// <summary>fork(2) from managed code: 0 in the child, which must stay synchronous and end in <see cref="Execute"/> or <see cref="Exit"/>.</summary>
    public static int Fork() => Errno.Check(Libc.fork(), "fork");

    /// <summary>clone(2) as a fork into new namespaces: 0 in the child, held to what <see cref="Fork"/> says.</summary>
    /// <remarks>One call in place of unshare and a second fork: the child is at once the first process of its pid namespace.</remarks>
    public static int Fork(NamespaceKinds kinds)
    {
        const ulong sigchld = 17;
        return (int)Errno.Check(Libc.syscall(Libc.SYS_clone, (nuint)((ulong)kinds | sigchld), 0, 0, 0, 0), "clone");
    }

    /// <summary>As <see cref="Fork(NamespaceKinds)"/>, but the child is its parent's sibling: the calling process's own parent waits for it (CLONE_PARENT).</summary>
    public static int ForkSibling(NamespaceKinds kinds)
    {
        const ulong sigchld = 17, cloneParent = 0x8000;
        return (int)Errno.Check(Libc.syscall(Libc.SYS_clone, (nuint)((ulong)kinds | cloneParent | sigchld), 0, 0, 0, 0), "clone");
    }

    /// <summary>As <see cref="Fork(NamespaceKinds)"/>, into a v2 cgroup by its folder (clone3 with CLONE_INTO_CGROUP).</summary>
    /// <returns>Null where the kernel cannot do that, or this process may not: whoever goes there afterwards is told why.</returns>
    public static int? TryForkInto(SafeFileHandle cgroup, NamespaceKinds kinds)
    {
        const ulong sigchld = 17, intoCgroup = 0x2_0000_0000;
        const int size = 88, words = size / sizeof(ulong);
        // struct clone_args: flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup
        var arguments = stackalloc ulong[words];
        new Span<ulong>(arguments, words).Clear();
        (arguments[0], arguments[4], arguments[10]) = ((ulong)kinds | intoCgroup, sigchld, (ulong)Files.Raw(cgroup));
        var pid = Libc.syscall(Libc.SYS_clone3, (nuint)arguments, size, 0, 0, 0);
        return pid < 0 ? null : (int)pid;
    }

    /// <summary>_exit(2): no finalizer, no handler.</summary>
    public static void Exit(int status) => Libc._exit(status);

    /// <summary>execve(2). Returns only by failing.</summary>
    /// <exception cref="LinuxException"/>
    public static void Execute(string path, IReadOnlyList<string> arguments, IReadOnlyList<string> environment)
    {
        var image = Files.Bytes(path);
        fixed (byte* name = image)
        {
            using var argv = new NativeStrings(arguments);
            using var envp = new NativeStrings(environment);
            Libc.execve(name, argv.Pointer, envp.Pointer);
            throw new LinuxException(Errno.Last, "exec", path);
        }
    }

    /// <summary>execve(2) with the environment as it is. Returns only by failing.</summary>
    /// <exception cref="LinuxException"/>
    public static void Execute(string path, IReadOnlyList<string> arguments)
    {
        fixed (byte* name = Files.Bytes(path))
        {
            using var argv = new NativeStrings(arguments);
            Libc.execv(name, argv.Pointer);
            throw new LinuxException(Errno.Last, "exec", path);
        }
    }

    /// <summary>waitpid(2): the exit status, or 128 + the signal, as a shell says it.</summary>
    public static int Wait(int pid) => WaitForEnd(pid).Status;

    /// <summary>waitpid(2)</summary>
    public static ProcessEnd WaitForEnd(int pid)
    {
        int status;
        while (Libc.waitpid(pid, &status, 0) < 0)
        {
            if (Errno.Last != Errno.EINTR)
                throw new LinuxException(Errno.Last, "waitpid");
        }

        return ProcessEnd.FromWait(status);
    }

    /// <summary>As <see cref="Wait"/>; null if the process was waited for before.</summary>
    public static int? TryWait(int pid)
    {
        try
        {
            return Wait(pid);
        }
        catch (LinuxException gone) when (gone.Number == Errno.ECHILD)
        {
            return null;
        }
    }

    /// <summary>waitpid(2) for any child with WNOHANG: null if none has ended.</summary>
    public static (int Pid, int Status)? TryWaitAny()
    {
        int status;
        var pid = Libc.waitpid(-1, &status, Libc.WNOHANG);
        return pid <= 0 ? null : (pid, ProcessEnd.FromWait(status).Status);
    }

    /// <summary>kill(2); false if there is no such process.</summary>
    public static bool Kill(int pid, int signal)
    {
        if (Libc.kill(pid, signal) == 0)
            return true;
        return Errno.Last == Errno.ESRCH ? false : throw new LinuxException(Errno.Last, "kill", pid.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>As <see cref="Kill(int, int)"/>, to the process of that number that began then and to no other.</summary>
    /// <param name="startTime">As <see cref="TryInspect"/> gives it.</param>
    public static bool Kill(int pid, ulong startTime, int signal)
    {
        using var process = ProcessHandle.TryOpen(pid);
        // Looked at once it is held: the number cannot pass to another now.
        return process is not null && TryInspect(pid) is { } found && found.StartTime == startTime && process.Signal(signal);
    }

    /// <summary>A process's state letter and start time (clock ticks since boot), from /proc/PID/stat; null if it is gone.</summary>
    public static (char State, ulong StartTime)? TryInspect(int pid)
    {
        if (pid <= 0)
            return null;
        string? text;
        try
        {
            text = Files.TryReadText($"/proc/{pid}/stat");
        }
        catch (LinuxException gone) when (gone.Number == Errno.ESRCH)
        {
            return null;
        }

        if (text is null)
            return null;
        // The name is in parentheses and may hold anything: fields count from the last one.
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return (fields[0][0], ulong.Parse(fields[19], CultureInfo.InvariantCulture));
    }

    /// <summary>A pipe, close-on-exec at both ends.</summary>
    public static (SafeFileHandle Read, SafeFileHandle Write) Pipe()
    {
        var ends = stackalloc int[2];
        Errno.Check(Libc.pipe2(ends, Libc.O_CLOEXEC), "pipe2");
        return (new SafeFileHandle(ends[0], true), new SafeFileHandle(ends[1], true));
    }

    /// <summary>dup2(2) without close-on-exec.</summary>
    public static void Duplicate(SafeFileHandle from, int to) => Errno.Check(Libc.dup3(Files.Raw(from), to, 0), "dup3");

    /// <summary>Marks every descriptor from <paramref name="first"/> on close-on-exec.</summary>
    public static void CloseOnExecFrom(int first)
    {
        const nuint closeOnExec = 4;
        if (Libc.syscall(Libc.SYS_close_range, (nuint)first, uint.MaxValue, closeOnExec, 0, 0) == 0)
            return;
        foreach (var number in OpenDescriptors())
        {
            if (number >= first)
                Libc.fcntl(number, Libc.F_SETFD, Libc.FD_CLOEXEC);
        }
    }

    /// <summary>Closes every descriptor from <paramref name="first"/> on, whoever holds it.</summary>
    /// <param name="kept">But these.</param>
    public static void CloseAllFrom(int first, params ReadOnlySpan<SafeFileHandle?> kept)
    {
        for (var next = first; ;)
        {
            var lowest = int.MaxValue;
            foreach (var handle in kept)
            {
                if (handle is not null && Files.Raw(handle) >= next)
                    lowest = Math.Min(lowest, Files.Raw(handle));
            }

            if (lowest > next)
                CloseRange(next, (uint)lowest - 1);
            if (lowest == int.MaxValue)
                return;
            next = lowest + 1;
        }
    }

    private static void CloseRange(int first, uint last)
    {
        if (Libc.syscall(Libc.SYS_close_range, (nuint)first, last, 0, 0, 0) == 0)
            return;
        foreach (var number in OpenDescriptors())
        {
            if (number >= first && number <= last)
                Libc.close(number);
        }
    }

    /// <summary>Whether the calling process holds descriptor <paramref name="number"/>.</summary>
    public static bool IsOpen(int number) => Libc.fcntl(number, Libc.F_GETFD, 0) >= 0;

    /// <summary>Whether that descriptor was opened for writing.</summary>
    public static bool IsWritable(int number) => (Libc.fcntl(number, Libc.F_GETFL, 0) & (Libc.O_WRONLY | Libc.O_RDWR)) != 0;

    /// <summary>The child's end of a fork: all signals back to their defaults, none blocked.</summary>
    public static void ResetSignals()
    {
        for (var number = 1; number <= 64; number++)
            Libc.signal(number, 0);
        Unblock();
    }

    /// <summary>Blocks all signals, so that <see cref="NextSignal"/> can take them one by one.</summary>
    public static void BlockSignals()
    {
        var all = new Libc.sigset_t { bits = ulong.MaxValue };
        Libc.sigprocmask(Libc.SIG_SETMASK, &all, null);
    }

    /// <summary>signalfd(2): a descriptor that is readable while signals are pending, which are to be blocked first.</summary>
    public static SafeFileHandle SignalDescriptor()
    {
        const int words = 16;
        var all = stackalloc ulong[words];
        new Span<ulong>(all, words).Fill(ulong.MaxValue);
        return Files.Own(Libc.signalfd(-1, all, Libc.EVENT_CLOEXEC | Libc.EVENT_NONBLOCK), "signalfd");
    }

    /// <summary>The next pending signal's number, from <see cref="SignalDescriptor"/>; 0 where there is none.</summary>
    public static int TryNextSignal(SafeFileHandle signals)
    {
        // struct signalfd_siginfo
        const int size = 128;
        Span<byte> information = stackalloc byte[size];
        return Files.ReadAvailable(signals, information) == size ? BitConverter.ToInt32(information) : 0;
    }

    /// <summary>sigwaitinfo(2): the next pending signal's number.</summary>
    public static int NextSignal() => NextSignal(out _);

    /// <param name="fromKernel">True when no process sent it: a terminal's keys (SI_KERNEL).</param>
    public static int NextSignal(out bool fromKernel)
    {
        const int SignalInformation = 128, CodeAt = 2, SentByKernel = 0x80;
        var all = new Libc.sigset_t { bits = ulong.MaxValue };
        var information = stackalloc int[SignalInformation / sizeof(int)];
        while (true)
        {
            var number = Libc.sigwaitinfo(&all, information);
            if (number <= 0)
                continue;
            fromKernel = information[CodeAt] == SentByKernel;
            return number;
        }
    }

    /// <summary>Orphans of this process's children become its own, not init's.</summary>
    public static void BecomeSubreaper() => Errno.Check(Libc.prctl(Libc.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), "prctl");

    public static void NewSession() => Errno.Check(Libc.setsid(), "setsid");

    public static void ChangeFolder(string path) => Errno.Check(Libc.chdir(path), "chdir", path);

    public static void ChangeFolder(SafeFileHandle folder) => Errno.Check(Libc.fchdir(Files.Raw(folder)), "fchdir");

    public static void ChangeRoot(string path) => Errno.Check(Libc.chroot(path), "chroot", path);

    /// <summary>getcwd(2) as the kernel gives it: «(unreachable)…» outside the root, null if the folder is removed.</summary>
    public static string? CurrentFolder()
    {
        var buffer = stackalloc byte[4096];
        var result = Libc.getcwd(buffer, 4096);
        return result is null ? null : Encoding.UTF8.GetString(System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpanFromNullTerminated(buffer));
    }

    public static uint SetUmask(uint mask) => Libc.umask(mask);

    public static int OwnPid => Libc.getpid();

    public static uint EffectiveUid => Libc.geteuid();

    public static uint EffectiveGid => Libc.getegid_tree();

    /// <summary>Whether the calling process may execute <paramref name="path"/>: 0, or the errno.</summary>
    public static int TryAccessExecute(string path)
    {
        const int executable = 1, effectiveIds = 0x200;
        return Libc.faccessat(Libc.AT_FDCWD, path, executable, effectiveIds) == 0 ? 0 : Errno.Last;
    }

    /// <summary>prlimit(2); 0 is the calling process.</summary>
    /// <exception cref="LinuxException">EPERM: another one's without CAP_SYS_RESOURCE, where the ids differ or the hard limit would rise.</exception>
    public static void SetLimit(int pid, int resource, ulong soft, ulong hard)
    {
        var limit = new Libc.rlimit_t { current = soft, maximum = hard };
        Errno.Check(Libc.prlimit(pid, resource, &limit, null), "prlimit");
    }

    /// <summary>The calling process's own hard limit.</summary>
    public static ulong HardLimit(int resource)
    {
        Libc.rlimit_t limit;
        Errno.Check(Libc.prlimit(0, resource, null, &limit), "prlimit");
        return limit.maximum;
    }

    /// <summary>alarm(2): SIGALRM after so many seconds, across execve.</summary>
    public static void Alarm(uint seconds) => Libc.alarm(seconds);

    /// <summary>sched_setattr(2) for the calling process.</summary>
    public static void SetScheduler(uint policy, ulong flags, int nice, uint priority, ulong runtime, ulong deadline, ulong period)
    {
        // struct sched_attr: size and policy, flags, nice and priority, runtime, deadline, period, least and most utilisation
        const int size = 56;
        var attributes = stackalloc ulong[size / 8];
        (attributes[0], attributes[1], attributes[2]) = (size | (ulong)policy << 32, flags, (uint)nice | (ulong)priority << 32);
        (attributes[3], attributes[4], attributes[5], attributes[6]) = (runtime, deadline, period, 0);
        Errno.Check(Libc.syscall(Libc.SYS_sched_setattr, 0, (nuint)attributes, 0, 0, 0), "sched_setattr");
    }

    /// <summary>sched_setaffinity(2): the CPUs that a process may run on.</summary>
    public static void SetAffinity(int pid, IReadOnlyList<int> cpus)
    {
        const int bytes = 1024;
        var mask = stackalloc byte[bytes];
        new Span<byte>(mask, bytes).Clear();
        foreach (var cpu in cpus)
            mask[cpu / 8] |= (byte)(1 << (cpu % 8));
        Errno.Check(Libc.sched_setaffinity(pid, bytes, mask), "sched_setaffinity");
    }

    /// <summary>Takes back what CPUs the calling process was bound to: it may run on all that its cgroup has.</summary>
    public static void ResetAffinity()
    {
        const int bytes = 1024;
        var mask = stackalloc byte[bytes];
        new Span<byte>(mask, bytes).Fill(byte.MaxValue);
        Errno.Check(Libc.sched_setaffinity(0, bytes, mask), "sched_setaffinity");
    }

    public static void SetPersonality(ulong domain) => Errno.Check(Libc.personality(domain), "personality");

    /// <summary>No signal is blocked any more.</summary>
    public static void Unblock()
    {
        var none = default(Libc.sigset_t);
        Libc.sigprocmask(Libc.SIG_SETMASK, &none, null);
    }

    /// <summary>Where the kernel has no close_range(2) (Linux 5.9).</summary>
    private static IEnumerable<int> OpenDescriptors()
    {
        foreach (var entry in Directory.GetFiles("/proc/self/fd"))
            yield return int.Parse(Path.GetFileName(entry), CultureInfo.InvariantCulture);
    }
}
