using System.Text.Json.Serialization;

namespace Naru.Hub.Gc;

/// <summary>The collection that runs, or the last one: for all processes to show.</summary>
public sealed record GarbageProgress
{
    [JsonPropertyName("stage")]
    public GarbageStage Stage { get; init; }

    /// <summary>UTC.</summary>
    [JsonPropertyName("started")]
    public DateTime Started { get; init; }

    /// <summary>Of these numbers, UTC; of a collection that is over, its end.</summary>
    [JsonPropertyName("at")]
    public DateTime At { get; init; }

    /// <summary>Why it failed.</summary>
    [JsonPropertyName("failure")]
    public string? Failure { get; init; }

    [JsonPropertyName("report")]
    public GarbageReport Report { get; init; } = new();

    /// <summary>Whether it goes on. A process that ended in the middle says nothing more.</summary>
    [JsonIgnore]
    public bool Running => Stage < GarbageStage.Done && DateTime.UtcNow - At < GarbageLease.Life;
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(GarbageProgress))]
internal sealed partial class GarbageJson : JsonSerializerContext;
