using System.Text.Json.Serialization;

namespace Naru.Build.Sources;

/// <summary>What is known of a URL's content that was fetched, beside it on disk.</summary>
internal sealed record HttpState
{
    /// <summary>Algorithm and hex.</summary>
    public required string Content { get; init; }

    public string? Etag { get; init; }

    /// <summary>As the server wrote it.</summary>
    public string? LastModified { get; init; }
}

[JsonSerializable(typeof(HttpState))]
internal sealed partial class SourcesJson : JsonSerializerContext;
