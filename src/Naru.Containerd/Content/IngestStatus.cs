namespace Naru.Containerd;

/// <summary>A write under way.</summary>
/// <param name="Total">What the writer announced; 0 when unknown.</param>
/// <param name="Expected">The digest that the writer announced, or empty.</param>
public sealed record IngestStatus(string Namespace, string Reference, long Offset, long Total, string Expected, DateTime Started, DateTime Updated)
{
    /// <summary>The field for filters: ref.</summary>
    public string? Field(IReadOnlyList<string> path) => path[0] == "ref" ? Reference : null;
}
