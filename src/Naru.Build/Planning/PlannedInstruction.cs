using Naru.Build.Dockerfile.Instructions;

namespace Naru.Build.Planning;

/// <summary>An instruction with the stages that it names.</summary>
/// <param name="Sources">COPY: one, or none for the context. RUN: one a mount.</param>
internal sealed record PlannedInstruction(Instruction Instruction, IReadOnlyList<StagePlan> Sources);
