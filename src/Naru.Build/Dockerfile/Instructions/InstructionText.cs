namespace Naru.Build.Dockerfile.Instructions;

/// <summary>An instruction as it stands in the file.</summary>
public sealed record InstructionText
{
    /// <summary>The first word, in the case it was written.</summary>
    public required string Word { get; init; }

    public required LineRange Lines { get; init; }

    /// <summary>The whole instruction on one line, without here-documents' contents.</summary>
    public required string Text { get; init; }

    /// <summary>The comment lines right above it, without their <c>#</c>.</summary>
    public IReadOnlyList<string> Comments { get; init; } = [];
}
