using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Naru.Base;

/// <summary>Opens a folder as a descriptor, which File.OpenHandle refuses: needed only to fsync it.</summary>
internal static partial class DirectoryHandle
{
    private const int O_RDONLY = 0, O_DIRECTORY = 0x10000, O_CLOEXEC = 0x80000;

    public static SafeFileHandle Open(string folder)
    {
        var descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (descriptor < 0)
            throw new IOException($"open {folder}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        return new SafeFileHandle(descriptor, ownsHandle: true);
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);
}
