using Naru.Linux;

namespace Naru.Engine.Rootfs;

/// <summary>How many bytes of files a container's own layer holds, as Docker counts: no folders, a file of many names once.</summary>
public static class LayerSize
{
    public static long Of(string upper)
    {
        if (!Directory.Exists(upper))
            return 0;
        using var tree = new TreeReader(upper);
        var seen = new HashSet<(uint, uint, ulong)>();
        long sum = 0;
        foreach (var entry in tree.Walk())
        {
            if (entry.Kind == TreeEntryKind.File && (entry.Links == 1 || seen.Add(entry.Identity)))
                sum += entry.Size;
            else if (entry.Kind == TreeEntryKind.Symlink)
                sum += entry.LinkTarget.Length;
        }

        return sum;
    }
}
