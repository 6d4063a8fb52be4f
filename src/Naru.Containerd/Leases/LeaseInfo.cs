namespace Naru.Containerd;

/// <summary>A lease: holds what was made under it against garbage collection until it is deleted or expires.</summary>
public sealed record LeaseInfo(string Id, IReadOnlyDictionary<string, string> Labels, DateTime Created)
{
    /// <summary>The field for filters: id or labels.KEY.</summary>
    public string? Field(IReadOnlyList<string> path) => path[0] switch
    {
        "id" => Id,
        "labels" => Filter.Label(Labels, path),
        _ => null,
    };
}
