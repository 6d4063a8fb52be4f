using Naru.Build.Graph;
using Naru.Oci;

namespace Naru.Build.Progress;

/// <summary>A step's state, whole: each replaces the one before. Known, started (<see cref="Started"/> set), ended (<see cref="Completed"/> too).</summary>
public sealed record StepChanged(Digest Step) : BuildEvent(Step)
{
    public required string Name { get; init; }

    /// <summary>Where the Dockerfile asks for it; null: it does not.</summary>
    public SourceLines? Lines { get; init; }

    public IReadOnlyList<Digest> Inputs { get; init; } = [];

    public DateTimeOffset? Started { get; init; }

    public DateTimeOffset? Completed { get; init; }

    /// <summary>The result was known; nothing ran.</summary>
    public bool Cached { get; init; }

    /// <summary>Why it failed; empty: it did not.</summary>
    public string Error { get; init; } = "";
}
