namespace Naru.Containerd;

/// <summary>A blob as one namespace knows it.</summary>
public sealed record ContentInfo(string Digest, long Size, IReadOnlyDictionary<string, string> Labels, DateTime Created, DateTime Updated)
{
    /// <summary>The field for filters: digest, size or labels.KEY.</summary>
    public string? Field(IReadOnlyList<string> path) => path[0] switch
    {
        "digest" => Digest,
        "size" => Size.ToString(System.Globalization.CultureInfo.InvariantCulture),
        "labels" => Filter.Label(Labels, path),
        _ => null,
    };
}
