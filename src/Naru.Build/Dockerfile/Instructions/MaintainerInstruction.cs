namespace Naru.Build.Dockerfile.Instructions;

/// <summary>MAINTAINER: the author.</summary>
public sealed record MaintainerInstruction : Instruction
{
    public required string Author { get; init; }
}
