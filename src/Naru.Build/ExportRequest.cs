namespace Naru.Build;

/// <summary>What is to become of a build's result.</summary>
public sealed record ExportRequest
{
    /// <summary>BuildKit's exporters: <c>moby</c> and <c>image</c> (the engine's images), <c>docker</c>, <c>oci</c>, <c>tar</c>, <c>local</c>.</summary>
    public required string Type { get; init; }

    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();

    /// <summary>The image is to carry the build's cache records in its config.</summary>
    public bool InlineCache { get; init; }

    /// <summary>Which of the build's outputs it is: by that number the client knows where to put it.</summary>
    public int Number { get; init; }
}
