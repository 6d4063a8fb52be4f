namespace Naru.Build.Dockerfile.Instructions;

/// <summary>EXPOSE: ports that the image serves.</summary>
public sealed record ExposeInstruction : Instruction
{
    /// <summary>Sorted; as written.</summary>
    public required IReadOnlyList<string> Ports { get; init; }
}
