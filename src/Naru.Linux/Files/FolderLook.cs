namespace Naru.Linux;

/// <summary>Gives a folder another's owner and permission bits.</summary>
public static class FolderLook
{
    /// <exception cref="LinuxException"/>
    public static unsafe void Copy(string from, string to)
    {
        Libc.statx_fields look;
        Errno.Check(Libc.statx_path(Libc.STATX_AT_FDCWD, from, Libc.STATX_AT_SYMLINK_NOFOLLOW, Libc.STATX_BASIC, &look), "stat", from);
        Errno.Check(Libc.lchown_path(to, look.stx_uid, look.stx_gid), "chown", to);

        // After the owner: chown clears set-id bits.
        Errno.Check(Libc.chmod_path(to, look.stx_mode & 0xfffu), "chmod", to);
    }
}
