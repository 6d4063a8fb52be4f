using Naru.Base;
using Naru.Build.Graph;
using Naru.Linux;

namespace Naru.Build.Copying;

/// <summary>Carries out a <see cref="FileStep"/> on a folder of this machine: COPY, ADD, WORKDIR.</summary>
/// <remarks>
/// Whatever is in the target and in the sources, nothing outside of them is read or written: links are read inside their own tree. Paths are
/// UTF-8 in steps, bytes on disk. After a failure the target is partly changed: the caller throws it away.
/// </remarks>
public static class FileActions
{
    private const uint FolderMode = 0x1ED; // 0755

    /// <param name="root">The file system to change: a mounted overlay or any folder.</param>
    /// <param name="source">Where a copy's files are; asked with null for scratch.</param>
    /// <exception cref="NaruException">NotFound <c>"/path": not found</c>; InvalidArgument: what is there does not allow it, or an option is malformed.</exception>
    /// <exception cref="LinuxException">The file system refused: no space, no permission.</exception>
    public static void Apply(FileStep step, string root, Func<Step?, SourceTree> source, FileActionOptions options, CancellationToken cancel)
    {
        using var target = TreeFolder.Open(root);
        using var upper = options.Upper is null ? null : TreeFolder.Open(options.Upper);
        foreach (var action in step.Actions)
        {
            cancel.ThrowIfCancellationRequested();
            switch (action)
            {
                case CopyAction copy:
                    Copy(copy, target, upper, source(copy.From), options, cancel);
                    break;
                case MakeFolderAction folder:
                    MakeFolder(folder, target, options);
                    break;
                case WriteFileAction file:
                    WriteFile(file, target, options);
                    break;
                default:
                    throw new InvalidOperationException(action.GetType().Name);
            }
        }
    }

    private static void Copy(CopyAction copy, TreeFolder target, TreeFolder? upper, SourceTree tree, FileActionOptions options, CancellationToken cancel)
    {
        var owner = string.IsNullOrEmpty(copy.Owner) ? null : new FileOwner(target, copy.Owner);
        var mode = ModeChange.Parse(copy.Mode);
        var made = new MadeFolders(target, mode?.FolderMode ?? FolderMode, owner, options.Epoch);
        using var sources = new CopySources(copy, tree);
        foreach (var one in sources.All())
        {
            cancel.ThrowIfCancellationRequested();
            if (copy.Unpack && ArchiveUnpacker.TryUnpack(one.Place, copy.Target, owner, made, cancel))
                continue;
            new FileCopier(one, target, upper, owner, mode, made, cancel).Copy(copy.Target);
        }

        made.Finish();
    }

    private static void MakeFolder(MakeFolderAction action, TreeFolder target, FileActionOptions options)
    {
        var owner = string.IsNullOrEmpty(action.Owner) ? null : new FileOwner(target, action.Owner);
        var made = new MadeFolders(target, (uint)action.Mode, owner, action.Time ?? options.Epoch);
        using var place = made.Make(action.Path, keep: 0);
        if (!place.IsFolder)
            throw NaruException.Invalid($"mkdir {action.Path}: not a directory");
        made.Finish();
    }

    private static void WriteFile(WriteFileAction action, TreeFolder target, FileActionOptions options)
    {
        var made = new MadeFolders(target, FolderMode, null, options.Epoch);
        using var place = made.Make(action.Path, keep: 1);
        if (place.IsFolder)
            throw NaruException.Invalid($"open {action.Path}: is a directory");
        if (place.Exists)
            place.Folder.Unlink(place.Name);
        using (var file = place.Folder.CreateFile(place.Name, (uint)action.Mode))
            RandomAccess.Write(file, action.Content, 0);
        place.Folder.SetMode(place.Name, (uint)action.Mode);
        if (options.Epoch is { } epoch)
            place.Folder.SetTime(place.Name, epoch, 0);
        made.Finish();
    }
}
