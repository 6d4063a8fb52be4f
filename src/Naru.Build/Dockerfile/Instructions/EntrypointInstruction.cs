namespace Naru.Build.Dockerfile.Instructions;

/// <summary>ENTRYPOINT: what every container runs.</summary>
public sealed record EntrypointInstruction : Instruction
{
    public required CommandLine Line { get; init; }
}
