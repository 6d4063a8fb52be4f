namespace Naru.Build.Dockerfile.Instructions;

/// <summary>ARG name[=value]…: variables of the build.</summary>
public sealed record ArgInstruction : Instruction
{
    public required IReadOnlyList<ArgDefinition> Definitions { get; init; }
}
