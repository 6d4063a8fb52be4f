namespace Naru.Containerd;

/// <summary>An image: a name for a target in the content store.</summary>
public sealed record ImageRecord(string Name, TargetDescriptor Target, IReadOnlyDictionary<string, string> Labels, DateTime Created, DateTime Updated)
{
    /// <summary>The field for filters: name, target.digest, target.mediatype, labels.KEY.</summary>
    public string? Field(IReadOnlyList<string> path) => path[0] switch
    {
        "name" => Name,
        "target" when path.Count == 2 && path[1] == "digest" => Target.Digest,
        "target" when path.Count == 2 && path[1] == "mediatype" => Target.MediaType,
        "labels" => Filter.Label(Labels, path),
        "annotations" => Filter.Label(Target.Annotations, path),
        _ => null,
    };
}
