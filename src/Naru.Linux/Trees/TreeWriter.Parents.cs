namespace Naru.Linux;

/// <summary>How the parent of an entry is found or made.</summary>
public sealed unsafe partial class TreeWriter
{
    private const int MaximumLinks = 40;

    /// <summary>Makes the parent of <paramref name="path"/> the current one, creating what is missing.</summary>
    private void Enter(ReadOnlySpan<byte> path, out ReadOnlySpan<byte> name)
    {
        Split(path, out var folder, out name);
        if (parentLength == folder.Length && folder.SequenceEqual(parentPath.AsSpan(0, parentLength)))
            return;
        LeaveParent();
        var handle = At.OpenInRoot(root, folder, At.O_PATH | At.O_DIRECTORY);
        if (handle < 0)
        {
            if (Errno.Last is not (Errno.ENOENT or Errno.ENOTDIR))
                throw Failure("open", folder);
            MakeParents(folder, 0);
            handle = Check(At.OpenInRoot(root, folder, At.O_PATH | At.O_DIRECTORY), "open", folder);
        }

        parent = handle;
        folder.CopyTo(parentPath);
        parentLength = folder.Length;
    }

    private void MakeParents(ReadOnlySpan<byte> folder, int links)
    {
        for (var end = 0; end < folder.Length;)
        {
            var slash = folder[(end + 1)..].IndexOf((byte)'/');
            end = slash < 0 ? folder.Length : end + 1 + slash;
            var prefix = folder[..end];
            var handle = At.OpenInRoot(root, prefix, At.O_PATH | At.O_DIRECTORY);
            if (handle >= 0)
                Libc.close_fd(handle);
            else if (Errno.Last is Errno.ENOENT or Errno.ENOTDIR)
                MakeParent(prefix, links);
            else
                throw Failure("open", prefix);
        }
    }

    private void MakeParent(ReadOnlySpan<byte> path, int links)
    {
        Split(path, out var above, out var name);
        var folder = Check(At.OpenInRoot(root, above, At.O_PATH | At.O_DIRECTORY), "open", above);
        try
        {
            var buffer = stackalloc byte[At.MaximumName + 1];
            At.Terminate(name, buffer, At.MaximumName);
            var hidesLower = false;
            if (Libc.mkdirat(folder, buffer, ImpliedMode) < 0)
            {
                if (Errno.Last != Errno.EEXIST)
                    throw Failure("mkdir", path);
                At.Stat(folder, name, out var stat);
                if ((stat.Mode & 0xF000) == (uint)TreeEntryKind.Symlink)
                {
                    // A link whose target is not there yet: the target is made, inside the root.
                    if (links >= MaximumLinks)
                        throw new LinuxException(Errno.ELOOP, "mkdir", At.Text(path));
                    MakeParents(LinkTarget(above, At.ReadLink(folder, name)), links + 1);
                    return;
                }

                if (!IsWhiteout(stat))
                    throw new LinuxException(Errno.ENOTDIR, "mkdir", At.Text(path));
                hidesLower = true;
                At.RemoveTree(folder, name);
                Check(Libc.mkdirat(folder, buffer, ImpliedMode), "mkdir", path);
            }

            TakeMetadata(path, folder, name, hidesLower);
        }
        finally
        {
            Libc.close_fd(folder);
        }
    }

    /// <summary>A directory that no entry names gets what the layers below say about it, so that stacking does not change it.</summary>
    private void TakeMetadata(ReadOnlySpan<byte> path, int folder, ReadOnlySpan<byte> name, bool hidesLower)
    {
        var handle = Check(At.Open(folder, name, At.O_RDONLY | At.O_DIRECTORY), "open", path);
        try
        {
            if (hidesLower)
                SetOpaque(handle, path);
            var metadata = hidesLower ? null : LowerMetadata(path);
            var (mode, uid, gid) = metadata is { } lower ? (lower.Mode & 0xFFF, lower.Uid, lower.Gid) : (ImpliedMode, 0, 0);
            Check(Libc.fchown_fd(handle, uid, gid), "lchown", path);
            Check(Libc.fchmod_fd(handle, mode), "chmod", path);
            if (metadata is { } times)
                directories.Add((path.ToArray(), times));
        }
        finally
        {
            Libc.close_fd(handle);
        }
    }

    private TreeMetadata? LowerMetadata(ReadOnlySpan<byte> path)
    {
        lowers ??= [.. lowerFolders.Select(OpenFolder)];
        foreach (var lower in lowers)
        {
            var handle = At.OpenInRoot(lower, path, At.O_PATH | At.O_DIRECTORY | At.O_NOFOLLOW);
            if (handle < 0)
                continue;
            At.Stat(handle, default, out var stat);
            Libc.close_fd(handle);
            return new TreeMetadata(stat.Mode, stat.Uid, stat.Gid, stat.Modified.Seconds, stat.Modified.Nanoseconds);
        }

        return null;
    }

    /// <summary>Where a link in <paramref name="folder"/> leads, read with the root as «/» and «..» held at the root.</summary>
    private static byte[] LinkTarget(ReadOnlySpan<byte> folder, ReadOnlySpan<byte> target)
    {
        var parts = new List<byte[]>();
        if (target is not [(byte)'/', ..])
            Add(folder);
        Add(target);
        return [.. parts.SelectMany((part, i) => i == 0 ? part : [(byte)'/', .. part])];

        void Add(ReadOnlySpan<byte> path)
        {
            foreach (var range in path.Split((byte)'/'))
            {
                var part = path[range];
                if (part.SequenceEqual(".."u8) && parts.Count > 0)
                    parts.RemoveAt(parts.Count - 1);
                else if (!part.IsEmpty && !part.SequenceEqual("."u8) && !part.SequenceEqual(".."u8))
                    parts.Add(part.ToArray());
            }
        }
    }

    private static void Split(ReadOnlySpan<byte> path, out ReadOnlySpan<byte> folder, out ReadOnlySpan<byte> name)
    {
        var slash = path.LastIndexOf((byte)'/');
        folder = slash < 0 ? default : path[..slash];
        name = path[(slash + 1)..];
        // Only a mistake of the caller brings these here; a name that leaves its parent must never reach the kernel.
        if (name.IsEmpty || name.SequenceEqual("."u8) || name.SequenceEqual(".."u8))
            throw new LinuxException(Errno.EINVAL, "open", At.Text(path));
    }
}
