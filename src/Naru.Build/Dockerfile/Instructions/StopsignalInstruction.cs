namespace Naru.Build.Dockerfile.Instructions;

/// <summary>STOPSIGNAL: how a container is asked to end.</summary>
public sealed record StopsignalInstruction : Instruction
{
    public required string Signal { get; init; }
}
