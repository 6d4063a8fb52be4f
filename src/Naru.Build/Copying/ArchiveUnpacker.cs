using Naru.Base;
using Naru.Images;
using Naru.Linux;

namespace Naru.Build.Copying;

/// <summary>ADD's other way: an archive is unpacked into the target. What is one is told by its content, never by its name.</summary>
internal static class ArchiveUnpacker
{
    /// <summary>Unpacks <paramref name="source"/> if it is a tar archive with something in it, plain or compressed.</summary>
    /// <param name="owner">Whose the files are; null: as the archive says.</param>
    /// <returns>False: it is no archive.</returns>
    /// <exception cref="NaruException">InvalidArgument: a damaged archive, or one that tries to leave the target. FailedPrecondition: the program for its compression is missing.</exception>
    public static bool TryUnpack(TreePath source, string target, FileOwner? owner, MadeFolders made, CancellationToken cancel)
    {
        if (source.Status.Kind != TreeEntryKind.File || !IsArchive(source))
            return false;
        using var place = made.Make(target, keep: 0);
        if (!place.IsFolder)
            throw NaruException.Invalid($"mkdir {target.TrimEnd('/')}: not a directory");
        using var content = Open(source);
        // The target is the archive's whole world: its links lead no further.
        LayerApplier.Apply(content, place.Folder.ProcPath, new LayerApplyOptions
        {
            Whiteouts = WhiteoutMode.Literal,
            MapOwner = owner is null ? null : (_, _) => (owner.Uid, owner.Gid),
        }, cancel);
        return true;
    }

    private static bool IsArchive(TreePath source)
    {
        try
        {
            using var content = Open(source);
            return new TarReader(content).Next() is not null;
        }
        catch (NaruException e) when (e.Kind == ErrorKind.InvalidArgument)
        {
            return false;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static Stream Open(TreePath source)
    {
        var file = new FileStream(source.Folder.OpenFile(source.Name), FileAccess.Read, bufferSize: 0);
        try
        {
            var start = new byte[8];
            var length = RandomAccess.Read(file.SafeFileHandle, start, 0);
            return Compressions.Detect(start.AsSpan(0, length)) switch
            {
                CompressionKind.Bzip2 => new FilterStream("bzip2", file),
                CompressionKind.Xz => new FilterStream("xz", file),
                _ => Compressions.Open(file, out _),
            };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
