using Naru.Base;

namespace Naru.Hub.Mirrors;

/// <summary>The registries that are mirrored: which name is whose.</summary>
public sealed class MirrorList : IDisposable
{
    private const string DockerHub = "docker.io";

    private readonly Dictionary<string, Mirror> byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Mirror> byFolder = new(StringComparer.Ordinal);
    private readonly Mirror? byDefault;

    /// <param name="byDefault">The mirror that is asked for names which are nobody's here, as dockerd asks its <c>registry-mirrors</c>; null for none.</param>
    /// <exception cref="NaruException">InvalidArgument: two of one name; <paramref name="byDefault"/> is none of them.</exception>
    public MirrorList(IReadOnlyList<MirrorSettings> settings, string? byDefault)
    {
        foreach (var one in settings)
        {
            if (byName.ContainsKey(one.Name))
                throw NaruException.Invalid($"mirror {one.Name} is given twice");
            byName[one.Name] = byFolder[one.Folder] = new Mirror(one);
        }

        if (byDefault is not null && !byName.TryGetValue(byDefault, out this.byDefault))
            throw NaruException.Invalid($"there is no mirror {byDefault} to ask by default");
    }

    public IEnumerable<Mirror> All => byName.Values;

    /// <summary>The mirrored repository of a full name here, <c>docker.io/library/busybox</c>; null for a name that begins with no mirror's folder.</summary>
    public MirroredName? Parse(string name)
    {
        var slash = name.IndexOf('/');
        return slash > 0 && byFolder.TryGetValue(name[..slash], out var mirror) ? Of(mirror, name[(slash + 1)..]) : null;
    }

    /// <summary>The repository <paramref name="path"/> of the registry that a client calls <paramref name="registry"/> (containerd's <c>?ns=</c>); null for one that is not mirrored.</summary>
    public MirroredName? Parse(string registry, string path) => byName.TryGetValue(registry, out var mirror) ? Of(mirror, path) : null;

    /// <summary>The default mirror's repository of that name; null without one.</summary>
    public MirroredName? Default(string path) => byDefault is null ? null : Of(byDefault, path);

    public void Dispose()
    {
        foreach (var mirror in byName.Values)
            mirror.Dispose();
    }

    private static MirroredName Of(Mirror mirror, string path) => new(mirror, mirror.Name == DockerHub && !path.Contains('/') ? "library/" + path : path);
}
