using Naru.Build.Graph;
using Naru.Oci;

namespace Naru.Build.Progress;

/// <summary>What the linter noticed.</summary>
public sealed record BuildWarning(Digest Step) : BuildEvent(Step)
{
    /// <summary>1 is the gravest.</summary>
    public int Level { get; init; } = 1;

    /// <summary>One line: <c>StageNameCasing: Stage name 'Base' should be lowercase (line 1)</c>.</summary>
    public required string Short { get; init; }

    public IReadOnlyList<string> Detail { get; init; } = [];

    public string Url { get; init; } = "";

    public SourceLines? Lines { get; init; }

    /// <summary>The whole file that <see cref="Lines"/> are of.</summary>
    public byte[] Source { get; init; } = [];
}
