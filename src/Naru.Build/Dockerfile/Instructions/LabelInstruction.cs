namespace Naru.Build.Dockerfile.Instructions;

/// <summary>LABEL: labels of the image.</summary>
public sealed record LabelInstruction : Instruction
{
    public required IReadOnlyList<KeyValue> Pairs { get; init; }
}
