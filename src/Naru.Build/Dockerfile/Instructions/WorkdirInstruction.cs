namespace Naru.Build.Dockerfile.Instructions;

/// <summary>WORKDIR: where the rest runs.</summary>
public sealed record WorkdirInstruction : Instruction
{
    public required string Path { get; init; }
}
