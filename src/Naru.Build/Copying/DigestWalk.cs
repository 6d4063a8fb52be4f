using System.Text;
using Naru.Linux;

namespace Naru.Build.Copying;

/// <summary>Lists what a copy of one source would read, parents before children, names in byte order.</summary>
internal sealed class DigestWalk(CopySource source, SourceTree tree, List<DigestedFile> files, CancellationToken cancel)
{
    // Decodes what is UTF-8 and nothing else: another name has no known digest.
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    // Folders that matched no pattern themselves, of which one inside may: listed with the first that does.
    private readonly List<DigestedFile> waiting = [];

    public void Run()
    {
        if (source.Place.IsFolder)
        {
            // The name does not count, nor does anything else of it: its content is copied.
            files.Add(new DigestedFile { Path = [], Status = new TreeStatus() with { Kind = TreeEntryKind.Directory }, Xattrs = [] });
            Walk(source.Place.Folder, source.Place.Path, [], null, null);
        }
        else
        {
            Add(source.Place.Folder, source.Place.FolderPath, source.Place.Name, source.Place.Status, source.BaseName);
        }
    }

    private void Walk(TreeFolder folder, byte[] real, byte[] path, bool[]? included, bool[]? excluded)
    {
        foreach (var name in folder.Names())
        {
            cancel.ThrowIfCancellationRequested();
            if (!folder.TryStatus(name, out var status))
                continue;
            byte[] full = path.Length == 0 ? name : [.. path, (byte)'/', .. name];
            if (!source.Selects(full, included, excluded, out var includedHere, out var excludedHere, out var below))
            {
                if (!status.IsFolder || !below)
                    continue;
                waiting.Add(Describe(folder, real, name, status, full));
            }
            else
            {
                Add(folder, real, name, status, full);
            }

            if (!status.IsFolder)
                continue;
            using (var child = folder.Enter(name))
                Walk(child, real.Length == 0 ? name : [.. real, (byte)'/', .. name], full, includedHere, excludedHere);
            if (waiting.Count > 0 && waiting[^1].Path.AsSpan().SequenceEqual(full))
                waiting.RemoveAt(waiting.Count - 1);
        }
    }

    private void Add(TreeFolder folder, byte[] real, byte[] name, in TreeStatus status, byte[] path)
    {
        files.AddRange(waiting);
        waiting.Clear();
        files.Add(Describe(folder, real, name, status, path));
    }

    private DigestedFile Describe(TreeFolder folder, byte[] real, byte[] name, in TreeStatus status, byte[] path)
    {
        var isFile = status.Kind == TreeEntryKind.File;
        return new DigestedFile
        {
            Path = path,
            Status = status,
            LinkTarget = status.Kind == TreeEntryKind.Symlink ? folder.ReadLink(name) : [],
            Xattrs = isFile || status.IsFolder ? folder.Xattrs(name) : [],
            Folder = isFile ? real : [],
            Name = isFile ? name : [],
            Content = isFile && tree.KnownDigest is not null ? Known(real, name) : null,
        };
    }

    private byte[]? Known(byte[] real, byte[] name)
    {
        try
        {
            return tree.KnownDigest!(Strict.GetString(real.Length == 0 ? name : [.. real, (byte)'/', .. name]));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
