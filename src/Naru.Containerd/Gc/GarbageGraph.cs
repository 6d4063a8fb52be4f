namespace Naru.Containerd;

/// <summary>Who keeps whom: roots, and references between nodes. Pure; the collector fills it and asks what is reachable.</summary>
public sealed class GarbageGraph
{
    private const string ReferencePrefix = "containerd.io/gc.ref.";
    private readonly List<GarbageNode> roots = [];
    private readonly Dictionary<GarbageNode, List<GarbageNode>> references = [];

    public void AddRoot(GarbageNode node) => roots.Add(node);

    public void AddReference(GarbageNode from, GarbageNode to)
    {
        if (!references.TryGetValue(from, out var targets))
            references[from] = targets = [];
        targets.Add(to);
    }

    /// <summary>What labels refer to: <c>containerd.io/gc.ref.content[.x|/x]</c>, <c>containerd.io/gc.ref.snapshot.NAME[/x]</c>, <c>containerd.io/gc.ref.image[.x|/x]</c>.</summary>
    public static IEnumerable<GarbageNode> Referred(string @namespace, IReadOnlyDictionary<string, string> labels)
    {
        foreach (var (key, value) in labels)
        {
            if (!key.StartsWith(ReferencePrefix, StringComparison.Ordinal))
                continue;
            var kind = key[ReferencePrefix.Length..];
            if (Names(kind, "content"))
                yield return new GarbageNode(@namespace, GarbageNode.Content, value);
            else if (Names(kind, "image"))
                yield return new GarbageNode(@namespace, GarbageNode.Images, value);
            else if (kind.StartsWith("snapshot.", StringComparison.Ordinal))
                yield return new GarbageNode(@namespace, "snapshots/" + kind["snapshot.".Length..].Split('/')[0], value);
        }
    }

    /// <summary>All nodes that a root leads to.</summary>
    public HashSet<GarbageNode> Reachable()
    {
        var reached = new HashSet<GarbageNode>(roots);
        var open = new Stack<GarbageNode>(reached);
        while (open.TryPop(out var node))
        {
            if (!references.TryGetValue(node, out var targets))
                continue;
            foreach (var target in targets)
            {
                if (reached.Add(target))
                    open.Push(target);
            }
        }

        return reached;
    }

    private static bool Names(string kind, string name) =>
        kind == name || kind.StartsWith(name + ".", StringComparison.Ordinal) || kind.StartsWith(name + "/", StringComparison.Ordinal);
}
