using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Naru.Linux;

/// <summary>What a program does before the C library and its .NET runtime are there: no allocation, no exception, no static state, calls without a transition (docs/decisions/0006).</summary>
public static unsafe partial class EarlyStart
{
    private const int ReadOnlyMount = 1, Here = -100, PathOnly = 0x200000, CloseOnExec = 0x80000;

    [LibraryImport("libc", EntryPoint = "syscall")]
    [SuppressGCTransition]
    private static partial long Call(long number, nint a, nint b, nint c, nint d, nint e);

    /// <summary>The C library's start of a program, where the linker was told to wrap it.</summary>
    [LibraryImport("libc", EntryPoint = "__real___libc_start_main")]
    [SuppressGCTransition]
    public static partial int Continue(nint main, int count, nint arguments, nint begin, nint end, nint linker, nint stack);

    /// <summary>Whether one of the program's words is <paramref name="word"/>.</summary>
    public static bool Has(int count, nint arguments, ReadOnlySpan<byte> word)
    {
        for (var index = 1; index < count; index++)
        {
            var text = ((byte**)arguments)[index];
            var length = 0;
            while (length < word.Length && text[length] == word[length])
                length++;
            if (length == word.Length && text[length] == 0)
                return true;
        }

        return false;
    }

    /// <summary>
    /// Executes the program again from a read-only clone of its mount that hangs in no tree; returns where it already is on a read-only mount, or where the kernel (before 5.12)
    /// or the caller's rights do not allow it.
    /// </summary>
    [SkipLocalsInit]
    public static void ExecuteReadOnly(int count, nint arguments)
    {
        const int sizeOfThread = 512;
        const long arch_prctl = 158;
        const nint setFs = 0x1002, getFs = 0x1003;
        // A call that fails writes its error among the thread's variables, below where FS points: there are none yet.
        nint before = 0;
        var thread = stackalloc byte[sizeOfThread * 2];
        Call(arch_prctl, getFs, (nint)(&before), 0, 0, 0);
        Call(arch_prctl, setFs, (nint)thread + sizeOfThread, 0, 0, 0);
        fixed (byte* self = "/proc/self/exe\0"u8)
        {
            if (IsWritable(self))
                ExecuteClone(self, arguments, arguments + (count + 1) * sizeof(nint));
        }

        Call(arch_prctl, setFs, before, 0, 0, 0);
    }

    /// <summary>Whether the file lies on a mount that allows to write.</summary>
    private static bool IsWritable(byte* file)
    {
        const long close = 3, fstatfs = 138, openat = 257;
        var own = Call(openat, Here, (nint)file, PathOnly | CloseOnExec, 0, 0);
        if (own < 0)
            return false;
        // struct statfs: f_flags is the eleventh of its words
        var status = stackalloc long[16];
        var known = Call(fstatfs, (nint)own, (nint)status, 0, 0, 0) == 0;
        Call(close, (nint)own, 0, 0, 0, 0);
        return known && (status[10] & ReadOnlyMount) == 0;
    }

    private static void ExecuteClone(byte* file, nint arguments, nint environment)
    {
        const int clone = 1, emptyPath = 0x1000, sizeOfAttributes = 32;
        const long close = 3, execve = 59;
        var mount = Call(Libc.SYS_open_tree, Here, (nint)file, clone | CloseOnExec, 0, 0);
        if (mount < 0)
            return;
        // struct mount_attr: set, clear, propagation, user namespace
        var attributes = stackalloc ulong[4];
        (attributes[0], attributes[1], attributes[2], attributes[3]) = (Libc.MOUNT_ATTR_RDONLY, 0, 0, 0);
        byte nothing = 0;
        if (Call(Libc.SYS_mount_setattr, (nint)mount, (nint)(&nothing), emptyPath, (nint)attributes, sizeOfAttributes) == 0)
        {
            var path = stackalloc byte[32];
            NameOf((int)mount, path);
            Call(execve, (nint)path, arguments, environment, 0, 0);
        }

        Call(close, (nint)mount, 0, 0, 0, 0);
    }

    /// <summary>/proc/self/fd/N</summary>
    private static void NameOf(int descriptor, byte* path)
    {
        var length = 0;
        foreach (var letter in "/proc/self/fd/"u8)
            path[length++] = letter;
        var scale = 1;
        while (descriptor / scale >= 10)
            scale *= 10;
        for (; scale > 0; scale /= 10)
            path[length++] = (byte)('0' + descriptor / scale % 10);
        path[length] = 0;
    }
}
