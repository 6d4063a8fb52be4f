namespace Naru.Build.Dockerfile.Instructions;

/// <summary>ENV: variables of the image.</summary>
public sealed record EnvInstruction : Instruction
{
    public required IReadOnlyList<KeyValue> Pairs { get; init; }
}
