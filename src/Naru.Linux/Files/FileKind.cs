namespace Naru.Linux;

/// <summary>The type bits of st_mode.</summary>
public enum FileKind : uint
{
    Socket = Libc.S_IFSOCK,
    Symlink = Libc.S_IFLNK,
    Regular = Libc.S_IFREG,
    Block = Libc.S_IFBLK,
    Directory = Libc.S_IFDIR,
    Character = Libc.S_IFCHR,
    Fifo = Libc.S_IFIFO,
}
