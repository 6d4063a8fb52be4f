using Microsoft.Win32.SafeHandles;

namespace Naru.Linux;

/// <summary>xattr(7).</summary>
public static unsafe class ExtendedAttributes
{
    /// <summary>Sets an attribute of what is open (not as a path alone).</summary>
    /// <remarks>fsetxattr(2)</remarks>
    /// <exception cref="LinuxException">EOPNOTSUPP: the file system keeps none of that kind.</exception>
    public static void Set(SafeFileHandle handle, string name, ReadOnlySpan<byte> value)
    {
        fixed (byte* pointer = Files.Bytes(name))
        fixed (byte* content = value)
        {
            Errno.Check(Libc.fsetxattr(Files.Raw(handle), pointer, content, (nuint)value.Length, 0), "fsetxattr", name);
        }
    }
}
