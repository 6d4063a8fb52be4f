namespace Naru.Containerd;

/// <summary>A snapshot by its name (committed) or key (active, view).</summary>
public sealed record SnapshotInfo(string Name, string Parent, SnapshotKind Kind, IReadOnlyDictionary<string, string> Labels, DateTime Created, DateTime Updated)
{
    /// <summary>The field for filters: name, parent, kind, labels.KEY.</summary>
    public string? Field(IReadOnlyList<string> path) => path[0] switch
    {
        "name" => Name,
        "parent" => Parent,
        "kind" => Kind.ToString().ToLowerInvariant(),
        "labels" => Filter.Label(Labels, path),
        _ => null,
    };
}
