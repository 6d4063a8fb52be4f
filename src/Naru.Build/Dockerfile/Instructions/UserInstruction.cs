namespace Naru.Build.Dockerfile.Instructions;

/// <summary>USER: as whom the rest runs.</summary>
public sealed record UserInstruction : Instruction
{
    public required string User { get; init; }
}
