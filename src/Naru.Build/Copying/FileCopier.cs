using System.Text;
using Naru.Base;
using Naru.Linux;

namespace Naru.Build.Copying;

/// <summary>Copies one source into a target as BuildKit does: a folder's content into a folder, anything else as one file.</summary>
/// <remarks>
/// A folder that the target names keeps owner and mode if it was there, and takes the source's time; folders below it take all of the source's. Only a
/// file may take a file's place. Names of one file stay names of one file.
/// </remarks>
/// <param name="upper">Where what is written to <paramref name="root"/>, an overlay, is on disk; null: it is no overlay.</param>
internal sealed class FileCopier(
    CopySource source, TreeFolder root, TreeFolder? upper, FileOwner? owner, ModeChange? mode, MadeFolders made, CancellationToken cancel)
{
    /// <summary>PATH_MAX: deeper folders could not be named.</summary>
    private const int MaximumPath = 4095;

    private readonly Dictionary<TreeIdentity, byte[]> copied = [];

    /// <param name="target">Path in the target; one that ends in a slash is a folder.</param>
    /// <exception cref="NaruException">InvalidArgument: what is there is in the way.</exception>
    public void Copy(string target)
    {
        var folder = target.EndsWith('/') || target.EndsWith("/.", StringComparison.Ordinal);
        var before = made.Count;
        using var place = made.Make(target, keep: folder ? 0 : 1);
        if (folder && !place.IsFolder)
            throw NaruException.Invalid($"mkdir {target.TrimEnd('.').TrimEnd('/')}: not a directory");
        if (source.Place.IsFolder)
            CopyFolder(place, before);
        else if (place.IsFolder)
            CopyFile(source.Place.Folder, source.Place.Name, source.Place.Status, place.Folder, source.BaseName, place.Path, isNew: false, root);
        else
            CopyFile(source.Place.Folder, source.Place.Name, source.Place.Status, place.Folder, place.Name, place.FolderPath, isNew: false, root);
    }

    /// <param name="before">Folders that were made before this copy.</param>
    private void CopyFolder(TreePath place, int before)
    {
        if (place.Exists && !place.IsFolder)
            throw NaruException.Invalid($"cannot copy to non-directory: /{Encoding.UTF8.GetString(place.Path)}");
        made.Complete(place);
        var status = source.Place.Status;
        using var top = new CopiedFolder(place.Folder, place.Path, made.Has(place.Path, before), upper);
        CopyContent(source.Place.Folder, [], top, null, null);
        place.Folder.SetTime(default, status.Metadata.Seconds, status.Metadata.Nanoseconds);
        made.Release(place.Path);
    }

    /// <param name="path">The source folder's, relative to the source.</param>
    /// <param name="included">Which patterns matched it; the same for <paramref name="excluded"/>. Null at the top.</param>
    private void CopyContent(TreeFolder from, byte[] path, CopiedFolder to, bool[]? included, bool[]? excluded)
    {
        foreach (var name in from.Names())
        {
            cancel.ThrowIfCancellationRequested();
            if (!from.TryStatus(name, out var status))
                continue;
            byte[] full = path.Length == 0 ? name : [.. path, (byte)'/', .. name];
            var wanted = source.Selects(full, included, excluded, out var includedHere, out var excludedHere, out var below);
            if (status.IsFolder)
            {
                if (wanted || below)
                    CopySubfolder(from, name, status, full, to, wanted, includedHere, excludedHere);
            }
            else if (wanted)
            {
                var folder = to.Content();
                CopyFile(from, name, status, folder, name, to.Path, to.IsNew, to.IsDirect ? upper! : root);
            }
        }
    }

    private void CopySubfolder(TreeFolder from, byte[] name, in TreeStatus status, byte[] path, CopiedFolder to, bool wanted, bool[]? included, bool[]? excluded)
    {
        if (path.Length > MaximumPath)
            throw new LinuxException(Errno.ENAMETOOLONG, "lstat", Encoding.UTF8.GetString(path.AsSpan(0, 100)) + "…");
        using var child = from.Enter(name);
        using var target = new CopiedFolder(to, name);
        if (wanted)
            target.Open();
        CopyContent(child, path, target, included, excluded);
        if (!target.IsOpen)
            return;
        // Last, since what is put into a folder changes its time, and its mode may forbid it.
        var folder = target.Open();
        var look = Look(status);
        folder.SetOwner(default, look.Uid, look.Gid);
        folder.SetMode(default, look.Mode);
        folder.SetXattrs(child.Xattrs());
        folder.SetTime(default, look.Seconds, look.Nanoseconds);
    }

    /// <param name="isNew">The folder was empty when the copy began: nothing can be in the way.</param>
    /// <param name="above">The tree that <paramref name="to"/> was opened in, by which its earlier files are found.</param>
    private void CopyFile(TreeFolder from, byte[] name, in TreeStatus status, TreeFolder to, byte[] target, byte[] folder, bool isNew, TreeFolder above)
    {
        byte[] path = folder.Length == 0 ? target : [.. folder, (byte)'/', .. target];
        if (!isNew && to.TryStatus(target, out var there))
        {
            if (there.IsFolder)
                throw NaruException.Invalid($"cannot replace to directory /{Encoding.UTF8.GetString(path)} with file");
            to.Unlink(target);
        }

        if (status.Kind == TreeEntryKind.File)
        {
            CopyRegular(from, name, status, to, target, path, above);
            return;
        }

        var look = Look(status);
        if (status.Kind == TreeEntryKind.Symlink)
            to.MakeSymlink(target, from.ReadLink(name));
        else
            to.MakeNode(target, status.Kind, status.DeviceMajor, status.DeviceMinor);
        to.SetOwner(target, look.Uid, look.Gid);
        if (status.Kind != TreeEntryKind.Symlink)
            to.SetMode(target, look.Mode);
        to.SetTime(target, look.Seconds, look.Nanoseconds);
    }

    private void CopyRegular(TreeFolder from, byte[] name, in TreeStatus status, TreeFolder to, byte[] target, byte[] path, TreeFolder above)
    {
        if (status.Links > 1)
        {
            if (copied.TryGetValue(status.Identity, out var first) && TryLinkTo(above, first, to, target))
                return;
            copied[status.Identity] = path;
        }

        using var content = from.OpenFile(name);
        var now = TreeFiles.Status(content);
        if (now.Kind != TreeEntryKind.File)
            throw new LinuxException(Errno.EINVAL, "open", Encoding.UTF8.GetString(name));
        var look = Look(now);
        // One's own has its bits from the start; what is to be another's may be read by nobody before.
        using var copy = to.CreateFile(target, look.Uid == TreeFiles.Self.Uid && look.Gid == TreeFiles.Self.Gid ? look.Mode & 0x1FF : 0x180);
        TreeFiles.CopyContent(content, copy, now);
        TreeFiles.Dress(copy, look);
        TreeFiles.SetXattrs(copy, TreeFiles.Xattrs(content));
    }

    private static bool TryLinkTo(TreeFolder above, byte[] first, TreeFolder to, byte[] target)
    {
        using var place = TreePath.Resolve(above, first);
        return place.Exists && !place.IsFolder && to.TryLink(target, place.Folder, place.Name);
    }

    private TreeMetadata Look(in TreeStatus status)
    {
        var metadata = status.Metadata;
        return metadata with
        {
            Uid = owner?.Uid ?? metadata.Uid,
            Gid = owner?.Gid ?? metadata.Gid,
            Mode = mode?.Apply(metadata.Mode, status.IsFolder) ?? metadata.Mode,
        };
    }
}
