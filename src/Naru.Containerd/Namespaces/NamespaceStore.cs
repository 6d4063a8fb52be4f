using Naru.Base;

namespace Naru.Containerd;

/// <summary>Namespaces: the tenants whose images, containers and snapshots never meet.</summary>
public sealed class NamespaceStore(Database database)
{
    /// <summary>The namespace; one that nothing was ever put into has no labels, as containerd answers it.</summary>
    public NamespaceInfo Get(string name) =>
        database.Read(session => Find(session, name)) ?? new NamespaceInfo(name, new Dictionary<string, string>());

    public IReadOnlyList<NamespaceInfo> List() =>
        database.Read(session => session.Query("SELECT name, labels FROM namespace ORDER BY name", row => new NamespaceInfo(row.Text(0), row.Labels(1))));

    /// <exception cref="NaruException">AlreadyExists.</exception>
    public NamespaceInfo Create(string name, IReadOnlyDictionary<string, string> labels)
    {
        Identifiers.Validate(name);
        Labels.Validate(labels);
        if (database.Write(session => session.Execute("INSERT OR IGNORE INTO namespace VALUES (?1, ?2)", name, Labels.Format(labels))) == 0)
            throw NaruException.Exists($"namespace \"{name}\": already exists");
        return new NamespaceInfo(name, labels);
    }

    /// <summary>Makes the namespace if it is not there, as any first write into it does.</summary>
    internal static void Ensure(Session session, string name)
    {
        if (session.Any("SELECT 1 FROM namespace WHERE name = ?1", name))
            return;
        Identifiers.Validate(name);
        session.Execute("INSERT INTO namespace VALUES (?1, '{}')", name);
    }

    public NamespaceInfo Update(string name, IReadOnlyDictionary<string, string> labels, IReadOnlyList<string> paths) => database.Write(session =>
    {
        var current = Find(session, name) ?? throw NaruException.NotFound($"namespace \"{name}\": not found");
        var updated = current with { Labels = Labels.Update(current.Labels, labels, paths, "namespace") };
        session.Execute("UPDATE namespace SET labels = ?2 WHERE name = ?1", name, Labels.Format(updated.Labels));
        return updated;
    });

    /// <exception cref="NaruException">FailedPrecondition: it holds something still.</exception>
    public void Delete(string name) => database.Write(session =>
    {
        _ = Find(session, name) ?? throw NaruException.NotFound($"namespace \"{name}\": not found");
        var left = new List<string>();
        foreach (var (table, plural) in ((string, string)[])[("image", "images"), ("content", "blobs"), ("container", "containers"), ("snapshot", "snapshots")])
        {
            if (session.Any($"SELECT 1 FROM {table} WHERE namespace = ?1", name))
                left.Add(table == "snapshot" ? "snapshots on \"overlayfs\" snapshotter" : plural);
        }

        if (left.Count > 0)
            throw NaruException.Precondition($"namespace \"{name}\" must be empty, but it still has {string.Join(", ", left)}: failed precondition");
        session.Execute("DELETE FROM lease_resource WHERE namespace = ?1", name);
        session.Execute("DELETE FROM lease WHERE namespace = ?1", name);
        session.Execute("DELETE FROM namespace WHERE name = ?1", name);
    });

    private static NamespaceInfo? Find(Session session, string name) =>
        session.First("SELECT name, labels FROM namespace WHERE name = ?1", row => new NamespaceInfo(row.Text(0), row.Labels(1)), name);
}
