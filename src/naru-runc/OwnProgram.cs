using System.Runtime;
using System.Runtime.CompilerServices;
using Naru.Linux;

namespace Naru.Runc;

/// <summary>Keeps the runtime's own file out of a container's reach (CVE-2019-5736).</summary>
/// <remarks>
/// A container that has the runtime execute /proc/self/exe could open that file through the link, and overwrite it once the runtime is gone. So the
/// runtime first executes itself again from a read-only clone of its mount that hangs in no tree: through that link the file opens for reading only.
/// This happens before the C library and the .NET runtime of the first start are there, which would be set up for nothing otherwise.
/// </remarks>
internal static class OwnProgram
{
    /// <summary>In place of the C library's start, which the program's first instructions call (the project has the linker wrap it).</summary>
    [RuntimeExport("__wrap___libc_start_main")]
    private static int Start(nint main, int count, nint arguments, nint begin, nint end, nint linker, nint stack)
    {
        Protect(count, arguments);
        return EarlyStart.Continue(main, count, arguments, begin, end, linker, stack);
    }

    // A frame of its own: one with a buffer is checked at its end against a value that the runtime's start changes.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Protect(int count, nint arguments)
    {
        if (EarlyStart.Has(count, arguments, "create"u8) || EarlyStart.Has(count, arguments, "run"u8) || EarlyStart.Has(count, arguments, "exec"u8))
            EarlyStart.ExecuteReadOnly(count, arguments);
    }
}
