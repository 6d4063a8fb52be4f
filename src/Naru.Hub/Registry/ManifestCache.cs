using Naru.Oci;

namespace Naru.Hub.Registry;

/// <summary>Contents of manifests that were asked for lately. They never change: whether a repository still has one, and what a tag points at, is always asked.</summary>
internal sealed class ManifestCache
{
    private const long Bound = 8 << 20;

    private readonly Lock gate = new();
    private readonly Dictionary<Digest, LinkedListNode<Manifest>> byDigest = [];
    private readonly LinkedList<Manifest> latestFirst = new();
    private long size;

    public Manifest? Find(Digest digest)
    {
        lock (gate)
        {
            if (!byDigest.TryGetValue(digest, out var node))
                return null;
            if (node != latestFirst.First)
            {
                latestFirst.Remove(node);
                latestFirst.AddFirst(node);
            }

            return node.Value;
        }
    }

    public void Add(Manifest manifest)
    {
        lock (gate)
        {
            if (manifest.Content.Length > Bound / 8 || byDigest.ContainsKey(manifest.Digest))
                return;
            byDigest[manifest.Digest] = latestFirst.AddFirst(manifest);
            size += manifest.Content.Length;
            while (size > Bound)
            {
                var oldest = latestFirst.Last!.Value;
                latestFirst.RemoveLast();
                byDigest.Remove(oldest.Digest);
                size -= oldest.Content.Length;
            }
        }
    }
}
