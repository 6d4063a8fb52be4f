namespace Naru.Build.Dockerfile;

/// <summary>What became of a word.</summary>
public sealed record Expansion
{
    public required string Result { get; init; }

    /// <summary>The result split at spaces that were not quoted.</summary>
    public required IReadOnlyList<string> Words { get; init; }

    /// <summary>Variables that were looked up and are set.</summary>
    public required IReadOnlyList<string> Used { get; init; }

    /// <summary>Variables that were looked up and are not.</summary>
    public required IReadOnlyList<string> Unset { get; init; }
}
