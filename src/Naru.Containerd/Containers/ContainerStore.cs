using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Naru.Base;
using Naru.Rpc.Events;

namespace Naru.Containerd;

/// <summary>Containers' metadata.</summary>
public sealed class ContainerStore(Database database, EventExchange events, GarbageSchedule garbage)
{
    private const string Columns =
        "id, image, runtime, runtime_options_type, runtime_options, spec_type, spec, snapshotter, snapshot_key, sandbox, labels, extensions, created, updated";

    /// <exception cref="NaruException">NotFound.</exception>
    public ContainerRecord Get(Scope scope, string id) =>
        database.Read(session => Find(session, scope.Namespace, id)) ?? throw Missing(scope, id);

    public IReadOnlyList<ContainerRecord> List(Scope scope, Filter filter) =>
        [.. database.Read(session => session.Query($"SELECT {Columns} FROM container WHERE namespace = ?1 ORDER BY id", Map, scope.Namespace)).Where(c => filter.Matches(c.Field))];

    /// <exception cref="NaruException">AlreadyExists.</exception>
    public ContainerRecord Create(Scope scope, ContainerRecord container)
    {
        Check(container.Id);
        Labels.Validate(container.Labels);
        if (container.Runtime.Length == 0)
            throw NaruException.Invalid("container.Runtime.Name must be set: invalid argument");
        if (container.Spec is null)
            throw NaruException.Invalid("container.Spec must be set: invalid argument");
        if (container.SnapshotKey.Length > 0 && container.Snapshotter.Length == 0)
            throw NaruException.Invalid("container.Snapshotter must be set if container.SnapshotKey is set: invalid argument");
        var now = DateTime.UtcNow;
        var created = container with { Created = now, Updated = now };
        database.Write(session =>
        {
            NamespaceStore.Ensure(session, scope.Namespace);
            if (Find(session, scope.Namespace, container.Id) is not null)
                throw NaruException.Exists($"container \"{container.Id}\": already exists");
            Insert(session, scope, created);
        });
        events.Publish(scope.Namespace, "/containers/create", new ContainerCreate
        {
            Id = created.Id,
            Image = created.Image,
            Runtime = new ContainerCreate.Types.Runtime { Name = created.Runtime, Options = created.RuntimeOptions },
        });
        return created;
    }

    /// <summary>Changes labels, spec, image, extensions, snapshot key or runtime options, by field paths (none: labels, spec, extensions, image, snapshot key).</summary>
    public ContainerRecord Update(Scope scope, ContainerRecord wanted, IReadOnlyList<string> paths)
    {
        var updated = database.Write(session =>
        {
            var next = Apply(Find(session, scope.Namespace, wanted.Id) ?? throw Missing(scope, wanted.Id), wanted, paths) with { Updated = DateTime.UtcNow };
            session.Execute("DELETE FROM container WHERE namespace = ?1 AND id = ?2", scope.Namespace, wanted.Id);
            Insert(session, scope, next);
            return next;
        });
        var message = new ContainerUpdate { Id = updated.Id, Image = updated.Image, SnapshotKey = updated.SnapshotKey };
        message.Labels.Add(updated.Labels.ToDictionary());
        events.Publish(scope.Namespace, "/containers/update", message);
        garbage.Changed();
        return updated;
    }

    public void Delete(Scope scope, string id)
    {
        if (database.Write(session => session.Execute("DELETE FROM container WHERE namespace = ?1 AND id = ?2", scope.Namespace, id)) == 0)
            throw Missing(scope, id);
        events.Publish(scope.Namespace, "/containers/delete", new ContainerDelete { Id = id });
        garbage.Changed();
    }

    private static void Check(string id)
    {
        try
        {
            Identifiers.Validate(id);
        }
        catch (NaruException e)
        {
            throw new NaruException(e.Kind, $"create container failed validation: container.ID: {e.Message}", e);
        }
    }

    private static ContainerRecord Apply(ContainerRecord current, ContainerRecord wanted, IReadOnlyList<string> paths)
    {
        IReadOnlyList<string> fields = paths.Count > 0 ? paths : ["labels", "spec", "extensions", "image", "snapshotkey"];
        var next = current;
        foreach (var path in fields)
        {
            next = path switch
            {
                "spec" => next with { Spec = wanted.Spec },
                "image" => next with { Image = wanted.Image },
                "snapshotkey" => next with { SnapshotKey = wanted.SnapshotKey },
                "snapshotter" => next with { Snapshotter = wanted.Snapshotter },
                "sandbox" => next with { Sandbox = wanted.Sandbox },
                "extensions" => next with { Extensions = wanted.Extensions },
                "runtime" or "runtime.options" => next with { RuntimeOptions = wanted.RuntimeOptions },
                _ when path.StartsWith("extensions.", StringComparison.Ordinal) => next with { Extensions = With(next.Extensions, wanted.Extensions, path["extensions.".Length..]) },
                _ => next with { Labels = Containerd.Labels.Update(next.Labels, wanted.Labels, [path], "container") },
            };
        }

        return next;
    }

    private static Dictionary<string, Any> With(IReadOnlyDictionary<string, Any> current, IReadOnlyDictionary<string, Any> wanted, string key)
    {
        var result = new Dictionary<string, Any>(current);
        if (wanted.TryGetValue(key, out var value))
            result[key] = value;
        else
            result.Remove(key);
        return result;
    }

    private static void Insert(Session session, Scope scope, ContainerRecord c) =>
        session.Execute("INSERT INTO container VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)", scope.Namespace, c.Id, c.Image, c.Runtime,
            c.RuntimeOptions?.TypeUrl, c.RuntimeOptions?.Value.ToByteArray(), c.Spec?.TypeUrl, c.Spec?.Value.ToByteArray(), c.Snapshotter, c.SnapshotKey,
            c.Sandbox, Containerd.Labels.Format(c.Labels), FormatExtensions(c.Extensions), c.Created.Ticks, c.Updated.Ticks);

    private static ContainerRecord? Find(Session session, string @namespace, string id) =>
        session.First($"SELECT {Columns} FROM container WHERE namespace = ?1 AND id = ?2", Map, @namespace, id);

    private static ContainerRecord Map(Row row) => new(row.Text(0), row.Labels(10), row.Text(1), row.Text(2), ReadAny(row, 3), ReadAny(row, 5),
        row.Text(7), row.Text(8), ParseExtensions(row.Text(11)), row.Text(9), row.Time(12), row.Time(13));

    private static Any? ReadAny(Row row, int column) => row.TextOrNull(column) is { } type
        ? new Any { TypeUrl = type, Value = UnsafeByteOperations.UnsafeWrap(row.Bytes(column + 1)) }
        : null;

    /// <summary>Extensions are labels of base64: each an Any, whole.</summary>
    private static string FormatExtensions(IReadOnlyDictionary<string, Any> extensions) =>
        Containerd.Labels.Format(extensions.ToDictionary(e => e.Key, e => Convert.ToBase64String(e.Value.ToByteArray())));

    private static Dictionary<string, Any> ParseExtensions(string text) =>
        Containerd.Labels.Parse(text).ToDictionary(e => e.Key, e => Any.Parser.ParseFrom(Convert.FromBase64String(e.Value)));

    private static NaruException Missing(Scope scope, string id) => NaruException.NotFound($"container \"{id}\" in namespace \"{scope.Namespace}\": not found");
}
