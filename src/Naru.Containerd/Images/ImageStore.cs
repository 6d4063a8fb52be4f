using Naru.Base;
using Naru.Rpc.Events;

namespace Naru.Containerd;

/// <summary>Image names and their targets.</summary>
public sealed class ImageStore(Database database, EventExchange events, GarbageSchedule garbage)
{
    private const string Columns = "name, media_type, digest, size, annotations, labels, created, updated";

    /// <exception cref="NaruException">NotFound.</exception>
    public ImageRecord Get(Scope scope, string name) =>
        database.Read(session => Find(session, scope.Namespace, name)) ?? throw Missing(name);

    public IReadOnlyList<ImageRecord> List(Scope scope, Filter filter) =>
        [.. database.Read(session => session.Query($"SELECT {Columns} FROM image WHERE namespace = ?1 ORDER BY name", Map, scope.Namespace)).Where(image => filter.Matches(image.Field))];

    /// <exception cref="NaruException">AlreadyExists.</exception>
    public ImageRecord Create(Scope scope, string name, TargetDescriptor target, IReadOnlyDictionary<string, string> labels)
    {
        Check(name, target);
        Labels.Validate(labels);
        var now = DateTime.UtcNow;
        var image = new ImageRecord(name, target, labels, now, now);
        database.Write(session =>
        {
            LeaseStore.Hold(session, scope, "images", name);
            if (Find(session, scope.Namespace, name) is not null)
                throw NaruException.Exists($"image \"{name}\": already exists");
            Insert(session, scope, image);
        });
        var created = new ImageCreate { Name = name };
        created.Labels.Add(labels.ToDictionary());
        events.Publish(scope.Namespace, "/images/create", created);
        return image;
    }

    /// <summary>Changes target, labels or annotations; the paths are <c>target</c>, <c>labels</c>, <c>labels.KEY</c>, <c>annotations.KEY</c>; none means all.</summary>
    public ImageRecord Update(Scope scope, string name, TargetDescriptor target, IReadOnlyDictionary<string, string> labels, IReadOnlyList<string> paths)
    {
        var updated = database.Write(session =>
        {
            var current = Find(session, scope.Namespace, name) ?? throw Missing(name);
            var next = current with { Updated = DateTime.UtcNow };
            if (paths.Count == 0 || paths.Contains("target"))
                next = next with { Target = target };
            var labelPaths = paths.Where(p => p != "target").ToList();
            if (paths.Count == 0 || labelPaths.Count > 0)
                next = next with { Labels = Labels.Update(current.Labels, labels, labelPaths, "image") };
            Check(name, next.Target);
            session.Execute("DELETE FROM image WHERE namespace = ?1 AND name = ?2", scope.Namespace, name);
            Insert(session, scope, next);
            return next;
        });
        var message = new ImageUpdate { Name = name };
        message.Labels.Add(updated.Labels.ToDictionary());
        events.Publish(scope.Namespace, "/images/update", message);
        garbage.Changed();
        return updated;
    }

    /// <summary>Creates the image or points it at a new target, keeping the labels it has.</summary>
    public ImageRecord Put(Scope scope, string name, TargetDescriptor target, IReadOnlyDictionary<string, string> labels)
    {
        var exists = database.Read(session => Find(session, scope.Namespace, name)) is not null;
        return exists ? Update(scope, name, target, labels, ["target", .. labels.Keys.Select(k => "labels." + k)]) : Create(scope, name, target, labels);
    }

    /// <param name="digest">When set, the image is deleted only while it points there.</param>
    public void Delete(Scope scope, string name, string? digest = null)
    {
        database.Write(session =>
        {
            var current = Find(session, scope.Namespace, name) ?? throw Missing(name);
            if (digest is not null && current.Target.Digest != digest)
                throw NaruException.NotFound($"image \"{name}\" has target {current.Target.Digest}, not {digest}: not found");
            session.Execute("DELETE FROM image WHERE namespace = ?1 AND name = ?2", scope.Namespace, name);
        });
        events.Publish(scope.Namespace, "/images/delete", new ImageDelete { Name = name });
        garbage.Changed();
    }

    private static void Insert(Session session, Scope scope, ImageRecord image) =>
        session.Execute("INSERT INTO image VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)", scope.Namespace, image.Name, image.Target.MediaType,
            image.Target.Digest, image.Target.Size, Labels.Format(image.Target.Annotations), Labels.Format(image.Labels), image.Created.Ticks, image.Updated.Ticks);

    private static void Check(string name, TargetDescriptor target)
    {
        if (name.Length == 0)
            throw NaruException.Invalid("image name must not be empty: invalid argument");
        if (target.Size <= 0)
            throw NaruException.Invalid("Target.Size must be > 0: invalid argument");
        if (target.MediaType.Length == 0)
            throw NaruException.Invalid("Target.MediaType must be set: invalid argument");
        Digests.Check(target.Digest);
    }

    private static ImageRecord? Find(Session session, string @namespace, string name) =>
        session.First($"SELECT {Columns} FROM image WHERE namespace = ?1 AND name = ?2", Map, @namespace, name);

    private static ImageRecord Map(Row row) =>
        new(row.Text(0), new TargetDescriptor(row.Text(1), row.Text(2), row.Number(3), row.Labels(4)), row.Labels(5), row.Time(6), row.Time(7));

    private static NaruException Missing(string name) => NaruException.NotFound($"image \"{name}\": not found");
}
