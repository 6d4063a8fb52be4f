using Naru.Oci;

namespace Naru.Build.Dockerfile.Instructions;

/// <summary>HEALTHCHECK: how to ask whether a container is well.</summary>
public sealed record HealthcheckInstruction : Instruction
{
    /// <summary>As the image's config has it: <c>NONE</c>, or <c>CMD</c> and arguments, or <c>CMD-SHELL</c> and a line.</summary>
    public required Healthcheck Check { get; init; }
}
