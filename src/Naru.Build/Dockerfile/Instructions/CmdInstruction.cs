namespace Naru.Build.Dockerfile.Instructions;

/// <summary>CMD: what a container runs unless told otherwise.</summary>
public sealed record CmdInstruction : Instruction
{
    public required CommandLine Line { get; init; }
}
