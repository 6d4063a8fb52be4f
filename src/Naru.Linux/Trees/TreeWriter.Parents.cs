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

            FinishParent(path, folder, name, hidesLower);
        }
        finally
        {
            Libc.close_fd(folder);
        }
    }

    /// <summary>A directory that no entry names: plain for now. One in a whiteout's place hides what the layers below have there.</summary>
    private void FinishParent(ReadOnlySpan<byte> path, int folder, ReadOnlySpan<byte> name, bool hidesLower)
    {
        var handle = Check(At.Open(folder, name, At.O_RDONLY | At.O_DIRECTORY), "open", path);
        try
        {
            if (hidesLower)
                SetOpaque(handle, path);
            else
                implied.Add(path.ToArray());
            Check(Libc.fchown_fd(handle, 0, 0), "lchown", path);
            Check(Libc.fchmod_fd(handle, ImpliedMode), "chmod", path);
        }
        finally
        {
            Libc.close_fd(handle);
        }
    }

    /// <summary>Gives folders that no entry named what the layers below say about them, so that stacking does not change them. Before <see cref="Complete"/>.</summary>
    /// <param name="folders">Paths of such folders: <see cref="Implied"/>, of this writer or of an earlier one.</param>
    /// <param name="lowerFolders">The layers below, uppermost first, themselves complete.</param>
    public void TakeFromBelow(IReadOnlyCollection<byte[]> folders, IReadOnlyList<string> lowerFolders)
    {
        if (folders.Count == 0 || lowerFolders.Count == 0)
            return;
        var lowers = new List<int>();
        try
        {
            foreach (var lower in lowerFolders)
                lowers.Add(OpenFolder(lower));
            foreach (var path in folders)
            {
                if (LowerMetadata(lowers, path) is { } metadata)
                    Dress(path, metadata);
            }
        }
        finally
        {
            lowers.ForEach(lower => Libc.close_fd(lower));
        }
    }

    private void Dress(byte[] path, in TreeMetadata metadata)
    {
        // A later entry may have put something else in its place.
        var handle = At.OpenInRoot(root, path, At.O_RDONLY | At.O_DIRECTORY | At.O_NOFOLLOW);
        if (handle < 0)
            return;
        try
        {
            Check(Libc.fchown_fd(handle, metadata.Uid, metadata.Gid), "lchown", path);
            Check(Libc.fchmod_fd(handle, metadata.Mode & 0xFFF), "chmod", path);
        }
        finally
        {
            Libc.close_fd(handle);
        }

        directories.Add((path, metadata));
    }

    /// <summary>The uppermost of the layers that has something at the path says what it is; only a directory has a look to give.</summary>
    private static TreeMetadata? LowerMetadata(List<int> lowers, byte[] path)
    {
        foreach (var lower in lowers)
        {
            var handle = At.OpenInRoot(lower, path, At.O_PATH | At.O_NOFOLLOW);
            if (handle < 0 && Errno.Last == Errno.ENOENT)
                continue;
            if (handle < 0)
                return null;
            At.Stat(handle, default, out var stat);
            Libc.close_fd(handle);
            return (stat.Mode & 0xF000) == (uint)TreeEntryKind.Directory
                ? new TreeMetadata(stat.Mode, stat.Uid, stat.Gid, stat.Modified.Seconds, stat.Modified.Nanoseconds) : null;
        }

        return null;
    }

    private static readonly IEqualityComparer<byte[]> ByPath = EqualityComparer<byte[]>.Create(
        static (a, b) => a.AsSpan().SequenceEqual(b),
        static path =>
        {
            var hash = default(HashCode);
            hash.AddBytes(path);
            return hash.ToHashCode();
        });

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
