using Naru.Base;
using Naru.Images;
using Naru.Linux;

namespace Naru.Containerd;

/// <summary>Uncompressed layers that are, so far, a committed snapshot's files and nothing else: their digest is known, and a file is made when somebody reads one.</summary>
/// <remarks>
/// A layer that is built here is seldom read as a blob, and would be on the disk twice. Its row names the snapshots' folder; before that folder goes, its blobs
/// are made. The same files must give the same bytes as long as such rows are about: what <see cref="LayerDiffer"/> writes is a format.
/// </remarks>
internal sealed class DerivedBlobs(string snapshots)
{
    private readonly SnapshotPaths paths = new(snapshots);

    /// <summary>Reads the files through once.</summary>
    public (string Digest, long Size) Measure(LayerSource source, CancellationToken cancel)
    {
        using var layer = new HashingStream(Stream.Null);
        LayerDiffer.WriteLayer(paths.Files(source.Folder), layer, cancel, source.Latest);
        return (layer.Digest, layer.Position);
    }

    /// <summary>Makes the file at <paramref name="path"/>, durable.</summary>
    /// <exception cref="NaruException">Internal: the files are not what they were, or there is no room.</exception>
    public void Write(string digest, LayerSource source, string path)
    {
        var folder = paths.Files(source.Folder);
        try
        {
            using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, BufferSize);
            using var layer = new HashingStream(file);
            LayerDiffer.WriteLayer(folder, layer, latest: source.Latest);
            if (layer.Digest != digest)
                throw new NaruException(ErrorKind.Internal, $"the files have changed: they make {layer.Digest} now");
            file.Flush(flushToDisk: true);
        }
        catch (Exception e) when (e is NaruException or LinuxException or IOException)
        {
            File.Delete(path);
            var full = e is IOException { HResult: Errno.ENOSPC };
            throw new NaruException(ErrorKind.Internal, $"content {digest} cannot be made of {folder}: {(full ? "no space left on device" : e.Message)}", e) { Errno = full ? Errno.ENOSPC : 0 };
        }
    }

    /// <exception cref="NaruException">NotFound: the folder went meanwhile.</exception>
    public static void Add(Session session, string digest, LayerSource source)
    {
        if (!session.Any("SELECT 1 FROM snapshot WHERE folder = ?1 AND kind = 3", source.Folder))
            throw NaruException.NotFound($"snapshot folder {source.Folder}: not found");
        session.Execute("INSERT OR IGNORE INTO derived VALUES (?1, ?2, ?3)", digest, source.Folder, source.Latest);
    }

    public static LayerSource? Find(Session session, string digest) =>
        session.First("SELECT folder, latest FROM derived WHERE digest = ?1", row => new LayerSource(row.Number(0), row.NumberOrNull(1)), digest);

    public static IReadOnlyList<string> Of(Session session, long folder) => session.Query("SELECT digest FROM derived WHERE folder = ?1", row => row.Text(0), folder);

    public static void Remove(Session session, string digest) => session.Execute("DELETE FROM derived WHERE digest = ?1", digest);

    private const int BufferSize = 256 << 10;
}
