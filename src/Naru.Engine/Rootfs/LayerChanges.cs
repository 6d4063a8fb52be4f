using System.Text;
using Naru.Api;
using Naru.Linux;

namespace Naru.Engine.Rootfs;

/// <summary><c>docker diff</c>: what an overlay's upper folder changes in the layers below.</summary>
internal static class LayerChanges
{
    private const int Changed = 0, Added = 1, Deleted = 2;
    private static readonly byte[] Opaque = "trusted.overlay.opaque"u8.ToArray();

    public static IReadOnlyList<FilesystemChange> Read(string upper, IReadOnlyList<string> lower)
    {
        var below = lower.Select(folder => new TreeReader(folder)).ToList();
        try
        {
            using var tree = new TreeReader(upper);
            var found = new SortedDictionary<string, int>(StringComparer.Ordinal);
            foreach (var entry in tree.Walk())
            {
                if (entry.Path.Length == 0)
                    continue;
                var path = "/" + Encoding.UTF8.GetString(entry.Path);
                var old = Lower(below, entry.Path);
                if (old is null && MountPoints.IsOne(path, entry))
                    continue;
                if (entry.IsWhiteout)
                    found[path] = Deleted;
                else if (old is null)
                    found[path] = Added;
                else if (entry.Kind != TreeEntryKind.Directory || !Same(entry, old))
                    found[path] = Changed;
                if (old is { Kind: TreeEntryKind.Directory } && IsOpaque(entry))
                    Hidden(tree, below, entry.Path, found);
            }

            // A folder with a change below is changed.
            foreach (var path in found.Keys.ToList())
            {
                for (var parent = Parent(path); parent.Length > 1; parent = Parent(parent))
                    found.TryAdd(parent, Changed);
            }

            return [.. found.Select(one => new FilesystemChange { Path = one.Key, Kind = one.Value })];
        }
        finally
        {
            foreach (var reader in below)
                reader.Dispose();
        }
    }

    /// <summary>The entry that the upper folder hides, by the rules of stacking.</summary>
    public static TreeEntry? Lower(List<TreeReader> below, byte[] path)
    {
        foreach (var reader in below)
        {
            if (reader.Read(path) is { } entry)
                return entry.IsWhiteout ? null : entry;
            for (var slash = Array.IndexOf(path, (byte)'/'); slash > 0; slash = Array.IndexOf(path, (byte)'/', slash + 1))
            {
                if (reader.Read(path.AsSpan(0, slash)) is { } parent && (parent.IsWhiteout || parent.Kind != TreeEntryKind.Directory || IsOpaque(parent)))
                    return null;
            }
        }

        return null;
    }

    /// <summary>What an opaque folder hides of the layers below and has not itself is gone.</summary>
    private static void Hidden(TreeReader upper, List<TreeReader> below, byte[] folder, SortedDictionary<string, int> found)
    {
        foreach (var child in below.Where(reader => reader.Read(folder) is { Kind: TreeEntryKind.Directory }).SelectMany(reader => reader.Walk(folder)))
        {
            if (child.Path.Length > folder.Length && Array.IndexOf(child.Path, (byte)'/', folder.Length + 1) < 0 && upper.Read(child.Path) is null && Lower(below, child.Path) is not null)
                found.TryAdd("/" + Encoding.UTF8.GetString(child.Path), Deleted);
        }
    }

    /// <summary>A folder's own time and size say nothing.</summary>
    private static bool Same(TreeEntry one, TreeEntry other) =>
        one.Kind == other.Kind && one.Metadata.Mode == other.Metadata.Mode && one.Metadata.Uid == other.Metadata.Uid && one.Metadata.Gid == other.Metadata.Gid;

    private static bool IsOpaque(TreeEntry entry) =>
        entry.Kind == TreeEntryKind.Directory && entry.Xattrs.Any(xattr => xattr.Name.AsSpan().SequenceEqual(Opaque) && xattr.Value is [(byte)'y']);

    private static string Parent(string path) => path[..Math.Max(path.LastIndexOf('/'), 0)];
}
