using Naru.Oci;

namespace Naru.Build.Progress;

/// <summary>How far a part of a step is: <c>transferring context: 2B</c>, <c>exporting layers</c>. Each replaces the one of the same id before.</summary>
/// <param name="Id">What the line says.</param>
public sealed record TaskChanged(Digest Step, string Id) : BuildEvent(Step)
{
    /// <summary>Bytes, mostly; 0 where nothing is counted.</summary>
    public long Current { get; init; }

    public long Total { get; init; }

    public required DateTimeOffset Started { get; init; }

    public DateTimeOffset? Completed { get; init; }
}
