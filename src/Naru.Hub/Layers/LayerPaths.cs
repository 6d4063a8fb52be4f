using System.Text;
using Naru.Base;
using Naru.Images;

namespace Naru.Hub.Layers;

/// <summary>Paths as people give them, as folder and name.</summary>
internal static class LayerPaths
{
    private const char Replacement = '\uFFFD';
    private const int ChildrenAtOnce = 1000;

    /// <exception cref="NaruException">InvalidArgument: leads out of the root.</exception>
    public static (byte[] Folder, byte[] Name) Split(string path)
    {
        byte[] clean = EntryNames.Clean(Encoding.UTF8.GetBytes(path));
        var slash = Array.LastIndexOf(clean, (byte)'/');
        return (clean[..Math.Max(slash, 0)], clean[(slash + 1)..]);
    }

    public static byte[] Join(ReadOnlySpan<byte> folder, ReadOnlySpan<byte> name) => folder.IsEmpty ? name.ToArray() : [.. folder, (byte)'/', .. name];

    /// <summary>The entry of a path, or null. A name that is no UTF-8 is found as it is shown, by U+FFFD for what is none.</summary>
    public static async ValueTask<LayerEntry?> Find(LayerIndex index, string path, CancellationToken cancel)
    {
        var (folder, name) = Split(path);
        var exact = await index.Find(folder, name, cancel);
        if (exact is not null || !path.Contains(Replacement))
            return exact;
        LayerEntry? entry = null;
        folder = [];
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            entry = await Shown(index, folder, part, cancel);
            if (entry is null)
                return null;
            folder = Join(folder, entry.RawName);
        }

        return entry;
    }

    private static async ValueTask<LayerEntry?> Shown(LayerIndex index, byte[] folder, string name, CancellationToken cancel)
    {
        for (var children = await index.Children(folder, null, ChildrenAtOnce, cancel); children.Count > 0;
            children = await index.Children(folder, children[^1].RawName.ToArray(), ChildrenAtOnce, cancel))
        {
            foreach (var child in children)
            {
                if (child.Name == name)
                    return child;
            }
        }

        return null;
    }
}
