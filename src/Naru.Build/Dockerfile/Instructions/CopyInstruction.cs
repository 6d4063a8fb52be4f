namespace Naru.Build.Dockerfile.Instructions;

/// <summary>COPY: files of the context, a stage, an image or a named context.</summary>
public sealed record CopyInstruction : TransferInstruction
{
    /// <summary>A stage's name or number, a named context or an image; empty: the context.</summary>
    public string From { get; init; } = "";

    public bool Parents { get; init; }
}
