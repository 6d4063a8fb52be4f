using System.Runtime.InteropServices;
using Naru.Linux.Descriptors;

namespace Naru.Linux.Spawning;

/// <summary>Starts programs by posix_spawn(3): safe with threads, no copy of this process's memory.</summary>
public static unsafe class Spawner
{
    public const int SIGCHLD = 17;

    /// <summary>Starts a program. It gets the given descriptors as 0, 1, 2, …, and no other (all of ours close on exec).</summary>
    /// <param name="program">A path, or a name to be found on PATH.</param>
    /// <param name="newSession">setsid(2): no terminal, no group of ours.</param>
    /// <param name="blockChildSignal">Starts with SIGCHLD blocked (else nothing is), for a program that reads it from a signalfd.</param>
    /// <returns>The child's pid.</returns>
    /// <exception cref="LinuxException">ENOENT: there is no such program; EACCES: it may not be run.</exception>
    public static int Start(string program, IReadOnlyList<string> arguments, IReadOnlyList<string> environment, IReadOnlyList<Descriptor> descriptors,
        bool newSession = false, bool blockChildSignal = false)
    {
        var actions = stackalloc byte[Libc.SPAWN_STRUCT_SIZE];
        var attributes = stackalloc byte[Libc.SPAWN_STRUCT_SIZE];
        var mask = stackalloc ulong[16];
        new Span<ulong>(mask, 16).Clear();
        var defaults = stackalloc ulong[16];
        new Span<ulong>(defaults, 16).Clear();
        if (blockChildSignal)
            mask[0] = 1ul << (SIGCHLD - 1);
        // SIGPIPE is ignored here and must not be there; SIGKILL and SIGSTOP (9, 19) and the C library's own 32, 33 cannot be set.
        defaults[0] = ~0ul & ~(1ul << 8) & ~(1ul << 18) & ~(3ul << 31);

        Libc.posix_spawn_file_actions_init(actions);
        Libc.posix_spawnattr_init(attributes);
        var argv = ToNative([program, .. arguments]);
        var envp = ToNative(environment);
        var moved = new List<Descriptor>();
        try
        {
            // Dup2s run in order: a source that sits on a lower target's number must be moved out of the way first.
            for (var i = 0; i < descriptors.Count; i++)
            {
                var source = descriptors[i];
                if (source.Number < descriptors.Count)
                    moved.Add(source = MoveUp(source, descriptors.Count));
                Libc.posix_spawn_file_actions_adddup2(actions, source.Number, i);
            }
            Libc.posix_spawnattr_setsigmask(attributes, mask);
            Libc.posix_spawnattr_setsigdefault(attributes, defaults);
            Libc.posix_spawnattr_setflags(attributes,
                (short)(Libc.POSIX_SPAWN_SETSIGMASK | Libc.POSIX_SPAWN_SETSIGDEF | (newSession ? Libc.POSIX_SPAWN_SETSID : 0)));
            int pid;
            var error = Libc.posix_spawnp(&pid, argv[0], actions, attributes, argv, envp);
            return error == 0 ? pid : throw new LinuxException(error, "exec", program);
        }
        finally
        {
            foreach (var each in moved)
                each.Dispose();
            Free(argv);
            Free(envp);
            Libc.posix_spawnattr_destroy(attributes);
            Libc.posix_spawn_file_actions_destroy(actions);
        }
    }

    private static Descriptor MoveUp(Descriptor source, int least) =>
        new(Errno.Check(Libc.descriptor_fcntl(source.Number, Libc.DESCRIPTOR_F_DUPFD_CLOEXEC, least), "dup"));

    private static byte** ToNative(IReadOnlyList<string> texts)
    {
        var list = (byte**)NativeMemory.AllocZeroed((nuint)(texts.Count + 1), (nuint)sizeof(byte*));
        for (var i = 0; i < texts.Count; i++)
            list[i] = (byte*)Marshal.StringToCoTaskMemUTF8(texts[i]);
        return list;
    }

    private static void Free(byte** list)
    {
        for (var i = 0; list[i] is not null; i++)
            Marshal.FreeCoTaskMem((nint)list[i]);
        NativeMemory.Free(list);
    }
}
