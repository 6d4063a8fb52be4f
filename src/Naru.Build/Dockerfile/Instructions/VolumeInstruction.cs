namespace Naru.Build.Dockerfile.Instructions;

/// <summary>VOLUME: paths outside the image.</summary>
public sealed record VolumeInstruction : Instruction
{
    public required IReadOnlyList<string> Paths { get; init; }
}
