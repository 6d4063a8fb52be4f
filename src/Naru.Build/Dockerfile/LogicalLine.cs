using Naru.Build.Dockerfile.Instructions;

namespace Naru.Build.Dockerfile;

/// <summary>An instruction's text with its continuations joined, its here-documents, and its words.</summary>
internal sealed record LogicalLine
{
    public required InstructionText At { get; init; }

    public IReadOnlyList<Heredoc> Heredocs { get; init; } = [];

    /// <summary>The text cut into word, flags and arguments.</summary>
    public required InstructionWords Words { get; init; }
}
