namespace Naru.Api;

/// <summary>The layers of an image: digests of their uncompressed tars.</summary>
public sealed record ImageRootFs
{
    public string Type { get; init; } = "layers";
    public IReadOnlyList<string> Layers { get; init; } = [];
}
