using System.Text;
using Naru.Base;
using Naru.Build.Graph;
using Naru.Linux;

namespace Naru.Build.Copying;

/// <summary>Finds what a copy's paths and wildcards stand for in a tree.</summary>
internal sealed class CopySources : IDisposable
{
    private readonly CopyAction action;
    private readonly TreeFolder? tree;
    private readonly PathPatterns? exclude;

    /// <exception cref="NaruException">InvalidArgument: a malformed --exclude.</exception>
    public CopySources(CopyAction action, SourceTree tree)
    {
        this.action = action;
        exclude = action.Exclude.Count > 0 ? new PathPatterns(action.Exclude, "excludepatterns") : null;
        this.tree = tree.Folder is null ? null : TreeFolder.Open(tree.Folder);
    }

    /// <summary>All of them, in the order of the paths, wildcards' in byte order; each is the caller's for one round of the loop.</summary>
    /// <exception cref="NaruException">NotFound <c>"/path": not found</c>; InvalidArgument: too many links.</exception>
    public IEnumerable<CopySource> All()
    {
        foreach (var text in action.Sources)
        {
            if (action.Parents)
            {
                foreach (var parent in Parents(text))
                    yield return parent;
                continue;
            }

            foreach (var path in Expand(Encoding.UTF8.GetBytes(text)))
            {
                using var one = new CopySource(Find(path), path.AsSpan(path.AsSpan().LastIndexOf((byte)'/') + 1).ToArray(), null, exclude);
                yield return one;
            }
        }
    }

    public void Dispose() => tree?.Dispose();

    /// <summary>--parents: what is before <c>/./</c> is a folder, what is after it a pattern that keeps its own folders.</summary>
    private IEnumerable<CopySource> Parents(string text)
    {
        var pivot = text.IndexOf("/./", StringComparison.Ordinal);
        var pattern = Clean(Encoding.UTF8.GetBytes(pivot < 0 ? text : text[(pivot + 2)..]));
        var wanted = pattern.Length == 0 ? null : new PathPatterns([Encoding.UTF8.GetString(pattern)], "includepatterns");
        var above = Encoding.UTF8.GetBytes(pivot < 0 ? "/" : text[..pivot]);
        var several = Glob.HasWildcard(above);
        foreach (var folder in Expand(above))
        {
            // What is named without a wildcard must be there.
            if (!several && !Glob.HasWildcard(pattern))
                Find(Join(folder, pattern)).Dispose();
            using var parent = new CopySource(Find(folder), [], wanted, exclude);
            if (parent.Place.IsFolder || !several)
                yield return parent;
        }
    }

    private TreePath Find(byte[] path)
    {
        try
        {
            var place = TreePath.Resolve(tree ?? throw NotFound(path), path);
            if (place.Exists)
                return place;
            place.Dispose();
            throw NotFound(path);
        }
        catch (LinuxException e) when (e.Number is Errno.ENOTDIR or Errno.ENAMETOOLONG)
        {
            throw NotFound(path);
        }
        catch (LinuxException e) when (e.Number == Errno.ELOOP)
        {
            throw NaruException.Invalid("too many links");
        }
    }

    private static SourceNotFoundException NotFound(byte[] path) => new(Encoding.UTF8.GetString(path).TrimStart('/'));

    /// <summary>The paths that a path with wildcards stands for; without any it is itself. Links are not followed where wildcards are.</summary>
    private List<byte[]> Expand(byte[] text)
    {
        var path = Clean(text);
        if (!action.Wildcards || !Glob.HasWildcard(path))
            return [path];
        List<byte[]> parts = [];
        foreach (var range in path.AsSpan().Split((byte)'/'))
            parts.Add(path[range]);
        var plain = parts.FindIndex(part => Glob.HasWildcard(part));
        byte[] start = [];
        for (var i = 0; i < plain; i++)
            start = Join(start, parts[i]);
        List<byte[]> found = [];
        if (tree is not null)
        {
            using var place = TryFolder(start);
            if (place is not null)
                Expand(place.Folder, start, parts, plain, found);
        }

        if (found.Count == 0 && !action.AllowEmpty)
            throw NotFound(path);
        return found;
    }

    private TreePath? TryFolder(byte[] path)
    {
        try
        {
            var place = Find(path);
            if (place.IsFolder)
                return place;
            place.Dispose();
            return null;
        }
        catch (SourceNotFoundException)
        {
            return null;
        }
    }

    private static void Expand(TreeFolder folder, byte[] path, List<byte[]> parts, int part, List<byte[]> found)
    {
        foreach (var name in folder.Names())
        {
            if (!Glob.Matches(parts[part], name))
                continue;
            if (part == parts.Count - 1)
            {
                found.Add(Join(path, name));
            }
            else if (folder.TryStatus(name, out var status) && status.IsFolder)
            {
                using var child = folder.Enter(name);
                Expand(child, Join(path, name), parts, part + 1, found);
            }
        }
    }

    private static byte[] Join(byte[] folder, byte[] name) => folder.Length == 0 ? name : [.. folder, (byte)'/', .. name];

    /// <summary>Without «.», «..», leading, double and trailing slashes: «..» is taken back by name, as written, and never leaves the root.</summary>
    private static byte[] Clean(byte[] path)
    {
        List<byte[]> parts = [];
        foreach (var range in path.AsSpan().Split((byte)'/'))
        {
            var part = path[range];
            if (part.AsSpan().SequenceEqual(".."u8))
                parts.RemoveRange(Math.Max(0, parts.Count - 1), Math.Min(1, parts.Count));
            else if (part.Length > 0 && !part.AsSpan().SequenceEqual("."u8))
                parts.Add(part);
        }

        byte[] result = [];
        foreach (var part in parts)
            result = Join(result, part);
        return result;
    }
}
