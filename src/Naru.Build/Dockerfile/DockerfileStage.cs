using Naru.Build.Dockerfile.Instructions;

namespace Naru.Build.Dockerfile;

/// <summary>A FROM and what follows it.</summary>
public sealed class DockerfileStage(FromInstruction from)
{
    private readonly List<Instruction> instructions = [];

    public FromInstruction From { get; } = from;

    /// <summary>Lowercase; empty: it has none.</summary>
    public string Name => From.StageName;

    public IReadOnlyList<Instruction> Instructions => instructions;

    internal void Add(Instruction instruction) => instructions.Add(instruction);
}
