using System.Text;
using Naru.Build.Context;
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
            if (tree.Entries is { } entries)
                Walk(entries, source.Place.Path);
            else
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
            Leave(full);
        }
    }

    /// <summary>The same of what is known: in this order a folder comes right before its content.</summary>
    private void Walk(IReadOnlyList<ContextEntry> entries, byte[] top)
    {
        var above = new Stack<(byte[] Path, bool[]? Included, bool[]? Excluded)>();
        byte[]? passed = null;
        for (var place = FirstBelow(entries, top); place < entries.Count; place++)
        {
            cancel.ThrowIfCancellationRequested();
            var entry = entries[place];
            if (top.Length > 0 && !ContextPath.IsBelow(entry.Path, top))
                break;
            var path = top.Length == 0 ? entry.Path : entry.Path[(top.Length + 1)..];
            if (passed is not null && ContextPath.IsBelow(path, passed))
                continue;
            while (above.Count > 0 && !ContextPath.IsBelow(path, above.Peek().Path))
                Leave(above.Pop().Path);
            var (_, included, excluded) = above.Count > 0 ? above.Peek() : default;
            if (source.Selects(path, included, excluded, out var includedHere, out var excludedHere, out var below))
            {
                files.AddRange(waiting);
                waiting.Clear();
                files.Add(Describe(entry, path));
            }
            else if (!entry.IsFolder || !below)
            {
                passed = entry.IsFolder ? path : passed;
                continue;
            }
            else
            {
                waiting.Add(Describe(entry, path));
            }

            if (entry.IsFolder)
                above.Push((path, includedHere, excludedHere));
        }
    }

    /// <summary>Where the content of a folder begins.</summary>
    private static int FirstBelow(IReadOnlyList<ContextEntry> entries, byte[] folder)
    {
        int low = 0, high = folder.Length == 0 ? 0 : entries.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (ContextPath.Compare(entries[middle].Path, folder) <= 0)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>A folder of which nothing was selected is not listed.</summary>
    private void Leave(byte[] folder)
    {
        if (waiting.Count > 0 && waiting[^1].Path.AsSpan().SequenceEqual(folder))
            waiting.RemoveAt(waiting.Count - 1);
    }

    private static DigestedFile Describe(ContextEntry entry, byte[] path)
    {
        var slash = entry.Path.AsSpan().LastIndexOf((byte)'/');
        return new DigestedFile
        {
            Path = path,
            Status = new TreeStatus() with { Kind = entry.Kind, Metadata = entry.Metadata, Size = entry.Size, DeviceMajor = (uint)entry.Major, DeviceMinor = (uint)entry.Minor },
            LinkTarget = entry.IsSymlink ? entry.Link : [],
            Xattrs = entry.IsFile || entry.IsFolder ? entry.Xattrs : [],
            Folder = entry.IsFile && slash > 0 ? entry.Path[..slash] : [],
            Name = entry.IsFile ? entry.Path[(slash + 1)..] : [],
            Content = entry.IsFile ? entry.Digest : null,
        };
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
