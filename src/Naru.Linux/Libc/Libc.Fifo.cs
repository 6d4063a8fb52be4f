using System.Runtime.InteropServices;

namespace Naru.Linux;

/// <summary>What <see cref="Fifo"/> needs: mkfifo(3), open(2), poll(2), read(2), write(2).</summary>
internal static unsafe partial class Libc
{
    internal const int FifoReadOnly = 0, FifoWriteOnly = 1, FifoNonBlock = 0x800, FifoCloseOnExec = 0x80000, FifoSetSize = 1031;
    internal const short FifoPollIn = 1, FifoPollOut = 4, FifoPollErr = 8, FifoPollHup = 16;

    [StructLayout(LayoutKind.Sequential)]
    internal struct FifoPoll
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [LibraryImport(Library, EntryPoint = "mkfifo", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int FifoMake(string path, uint mode);

    [LibraryImport(Library, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int FifoOpen(string path, int flags);

    [LibraryImport(Library, EntryPoint = "poll", SetLastError = true)]
    internal static partial int FifoPollAll(FifoPoll* entries, ulong count, int timeout);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    internal static partial nint FifoReadRaw(int descriptor, byte* buffer, nuint count);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    internal static partial nint FifoWriteRaw(int descriptor, byte* buffer, nuint count);
}
