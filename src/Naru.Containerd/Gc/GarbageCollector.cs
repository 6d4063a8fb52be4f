using System.Globalization;
using Naru.Base;

namespace Naru.Containerd;

/// <summary>Mark and sweep over content and snapshots. Roots: images, containers' snapshots, leases' resources, and what is labelled a root.</summary>
/// <remarks>
/// Marking and the removal of rows are one transaction, so nothing can be made or leased in between; files go when that is durable. Expired leases
/// (<c>containerd.io/gc.expire</c>) and expired images go first.
/// </remarks>
public sealed class GarbageCollector(Database database, ContentStore content, OverlaySnapshotter snapshotter)
{
    private const string RootLabel = "containerd.io/gc.root";
    private const string ExpireLabel = "containerd.io/gc.expire";
    private const string FlatLabel = "containerd.io/gc.flat";

    /// <summary>As long as containerd keeps a write that nobody continues.</summary>
    private static readonly TimeSpan IngestLife = TimeSpan.FromHours(24);

    private readonly Lock gate = new();

    /// <summary>One collection, whole.</summary>
    public void Collect()
    {
        lock (gate)
        {
            var (blobs, snapshots) = database.Write(session =>
            {
                Expire(session, DateTime.UtcNow);
                var kept = Mark(session).Reachable();
                return (SweepContent(session, kept), SweepSnapshots(session, kept));
            });
            if (blobs.Count + snapshots > 0)
                database.Flush();
            content.DropUnowned(blobs);
            content.DropStaleIngests(IngestLife);
            if (snapshots > 0)
                snapshotter.Cleanup();
            if (blobs.Count > 0 || snapshots > 0)
                Log.Debug($"garbage collection: {blobs.Count} blobs, {snapshots} snapshots");
        }
    }

    /// <summary>At start: blobs' files without a row, and snapshots' folders without one, are a crash's.</summary>
    public void CleanAfterCrash()
    {
        content.DropUnowned(content.FilesOnDisk());
        snapshotter.Cleanup();
    }

    private static void Expire(Session session, DateTime now)
    {
        foreach (var (space, id, labels) in session.Query("SELECT namespace, id, labels FROM lease", row => (row.Text(0), row.Text(1), row.Labels(2))))
        {
            if (!IsExpired(labels, now))
                continue;
            session.Execute("DELETE FROM lease WHERE namespace = ?1 AND id = ?2", space, id);
            session.Execute("DELETE FROM lease_resource WHERE namespace = ?1 AND lease = ?2", space, id);
        }

        foreach (var (space, name, labels) in session.Query("SELECT namespace, name, labels FROM image", row => (row.Text(0), row.Text(1), row.Labels(2))))
        {
            if (IsExpired(labels, now))
                session.Execute("DELETE FROM image WHERE namespace = ?1 AND name = ?2", space, name);
        }
    }

    internal static bool IsExpired(IReadOnlyDictionary<string, string> labels, DateTime now) =>
        labels.TryGetValue(ExpireLabel, out var text)
        && DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var end) && end < now;

    private static GarbageGraph Mark(Session session)
    {
        var graph = new GarbageGraph();
        foreach (var (space, name, digest, labels) in session.Query("SELECT namespace, name, digest, labels FROM image", r => (r.Text(0), r.Text(1), r.Text(2), r.Labels(3))))
        {
            var image = new GarbageNode(space, GarbageNode.Images, name);
            graph.AddRoot(image);
            graph.AddReference(image, new GarbageNode(space, GarbageNode.Content, digest));
            AddLabels(graph, image, labels);
        }

        foreach (var (space, snapshotter, key, labels) in session.Query("SELECT namespace, snapshotter, snapshot_key, labels FROM container", r => (r.Text(0), r.Text(1), r.Text(2), r.Labels(3))))
        {
            if (key.Length > 0)
                graph.AddRoot(new GarbageNode(space, "snapshots/" + snapshotter, key));
            foreach (var node in GarbageGraph.Referred(space, labels))
                graph.AddRoot(node);
        }

        foreach (var (space, digest, labels) in session.Query("SELECT namespace, digest, labels FROM content", r => (r.Text(0), r.Text(1), r.Labels(2))))
            AddLabelled(graph, new GarbageNode(space, GarbageNode.Content, digest), labels);
        foreach (var (space, key, parent, labels) in session.Query("SELECT namespace, key, parent, labels FROM snapshot", r => (r.Text(0), r.Text(1), r.Text(2), r.Labels(3))))
        {
            var node = new GarbageNode(space, GarbageNode.Snapshots, key);
            AddLabelled(graph, node, labels);
            if (parent.Length > 0)
                graph.AddReference(node, new GarbageNode(space, GarbageNode.Snapshots, parent));
        }

        AddLeases(session, graph);
        return graph;
    }

    /// <summary>What a lease holds is a root. A flat lease holds just that: what it refers to is not followed, unless another root leads there.</summary>
    private static void AddLeases(Session session, GarbageGraph graph)
    {
        foreach (var (space, id, labels) in session.Query("SELECT namespace, id, labels FROM lease", r => (r.Text(0), r.Text(1), r.Labels(2))))
        {
            foreach (var node in session.Query("SELECT type, resource FROM lease_resource WHERE namespace = ?1 AND lease = ?2", r => new GarbageNode(space, r.Text(0), r.Text(1)), space, id))
            {
                // A flat hold is a leaf of another name; a snapshot needs its parents whatever the lease says.
                if (labels.ContainsKey(FlatLabel) && node.Type == GarbageNode.Content)
                    graph.AddRoot(node with { Type = FlatContent });
                else
                    graph.AddRoot(node);
            }
        }
    }

    private static void AddLabelled(GarbageGraph graph, GarbageNode node, IReadOnlyDictionary<string, string> labels)
    {
        if (labels.ContainsKey(RootLabel))
            graph.AddRoot(node);
        AddLabels(graph, node, labels);
    }

    private static void AddLabels(GarbageGraph graph, GarbageNode node, IReadOnlyDictionary<string, string> labels)
    {
        foreach (var target in GarbageGraph.Referred(node.Namespace, labels))
            graph.AddReference(node, target);
    }

    private static List<string> SweepContent(Session session, HashSet<GarbageNode> kept)
    {
        var gone = session.Query("SELECT namespace, digest FROM content", r => (Space: r.Text(0), Digest: r.Text(1)))
            .Where(c => !kept.Contains(new GarbageNode(c.Space, GarbageNode.Content, c.Digest)) && !kept.Contains(new GarbageNode(c.Space, FlatContent, c.Digest))).ToList();
        foreach (var (space, digest) in gone)
            session.Execute("DELETE FROM content WHERE namespace = ?1 AND digest = ?2", space, digest);
        return [.. gone.Select(c => c.Digest)];
    }

    private static int SweepSnapshots(Session session, HashSet<GarbageNode> kept)
    {
        var gone = session.Query("SELECT id, namespace, key FROM snapshot", r => (Id: r.Number(0), Space: r.Text(1), Key: r.Text(2)))
            .Where(s => !kept.Contains(new GarbageNode(s.Space, GarbageNode.Snapshots, s.Key))).ToList();
        foreach (var (id, _, _) in gone)
            session.Execute("DELETE FROM snapshot WHERE id = ?1", id);
        return gone.Count;
    }

    private const string FlatContent = "flat content";
}
