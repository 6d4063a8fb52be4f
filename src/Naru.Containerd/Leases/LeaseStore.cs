using Naru.Base;

namespace Naru.Containerd;

/// <summary>Leases and what they hold.</summary>
public sealed class LeaseStore(Database database, GarbageSchedule garbage)
{
    /// <summary>Marks the lease of a transfer under way: no transfer outlives the daemon, so none of these does.</summary>
    public const string TransferLabel = "naru.io/transfer";

    public LeaseInfo Create(Scope scope, string id, IReadOnlyDictionary<string, string> labels)
    {
        if (id.Length == 0)
            throw NaruException.Invalid("lease id must be provided: invalid argument");
        Labels.Validate(labels);
        var lease = new LeaseInfo(id, labels, DateTime.UtcNow);
        database.Write(session =>
        {
            NamespaceStore.Ensure(session, scope.Namespace);
            if (session.Execute("INSERT OR IGNORE INTO lease VALUES (?1, ?2, ?3, ?4)", scope.Namespace, id, Labels.Format(labels), lease.Created.Ticks) == 0)
                throw NaruException.Exists($"lease \"{id}\": already exists");
        });
        return lease;
    }

    public void Delete(Scope scope, string id)
    {
        database.Write(session =>
        {
            if (session.Execute("DELETE FROM lease WHERE namespace = ?1 AND id = ?2", scope.Namespace, id) == 0)
                throw Missing(id);
            session.Execute("DELETE FROM lease_resource WHERE namespace = ?1 AND lease = ?2", scope.Namespace, id);
        });
        garbage.Changed();
    }

    /// <summary>At start: removes the leases of transfers that ended with the daemon.</summary>
    public void DropTransfers() => database.Write(session =>
    {
        foreach (var (space, id, labels) in session.Query("SELECT namespace, id, labels FROM lease", row => (row.Text(0), row.Text(1), row.Labels(2))))
        {
            if (!labels.ContainsKey(TransferLabel))
                continue;
            session.Execute("DELETE FROM lease WHERE namespace = ?1 AND id = ?2", space, id);
            session.Execute("DELETE FROM lease_resource WHERE namespace = ?1 AND lease = ?2", space, id);
        }
    });

    public IReadOnlyList<LeaseInfo> List(Scope scope, Filter filter) =>
        [.. database.Read(session => session.Query("SELECT id, labels, created FROM lease WHERE namespace = ?1 ORDER BY id",
            row => new LeaseInfo(row.Text(0), row.Labels(1), row.Time(2)), scope.Namespace)).Where(lease => filter.Matches(lease.Field))];

    public void AddResource(Scope scope, string id, LeaseResource resource) => database.Write(session =>
    {
        CheckType(resource.Type);
        RequireLease(session, scope, id);
        session.Execute("INSERT OR IGNORE INTO lease_resource VALUES (?1, ?2, ?3, ?4)", scope.Namespace, id, resource.Type, resource.Id);
    });

    public void DeleteResource(Scope scope, string id, LeaseResource resource)
    {
        database.Write(session =>
        {
            CheckType(resource.Type);
            RequireLease(session, scope, id);
            session.Execute("DELETE FROM lease_resource WHERE namespace = ?1 AND lease = ?2 AND type = ?3 AND resource = ?4", scope.Namespace, id, resource.Type, resource.Id);
        });
        garbage.Changed();
    }

    public IReadOnlyList<LeaseResource> ListResources(Scope scope, string id) => database.Read(session =>
    {
        RequireLease(session, scope, id);
        return session.Query("SELECT type, resource FROM lease_resource WHERE namespace = ?1 AND lease = ?2 ORDER BY type, resource",
            row => new LeaseResource(row.Text(0), row.Text(1)), scope.Namespace, id);
    });

    /// <summary>Adds what a call just made to the call's lease, if it has one, and makes sure of the namespace.</summary>
    internal static void Hold(Session session, Scope scope, string type, string resource)
    {
        NamespaceStore.Ensure(session, scope.Namespace);
        if (scope.Lease is null)
            return;
        RequireLease(session, scope, scope.Lease);
        session.Execute("INSERT OR IGNORE INTO lease_resource VALUES (?1, ?2, ?3, ?4)", scope.Namespace, scope.Lease, type, resource);
    }

    private static void RequireLease(Session session, Scope scope, string id)
    {
        if (!session.Any("SELECT 1 FROM lease WHERE namespace = ?1 AND id = ?2", scope.Namespace, id))
            throw Missing(id);
    }

    private static void CheckType(string type)
    {
        if (type is not ("content" or "ingests" or "images") && !type.StartsWith("snapshots/", StringComparison.Ordinal))
            throw new NaruException(ErrorKind.Unimplemented, $"resource type {type}: not implemented");
    }

    private static NaruException Missing(string id) => NaruException.NotFound($"lease \"{id}\": not found");
}
