using Naru.Build.Graph;

namespace Naru.Build.Dockerfile.Instructions;

/// <summary>RUN: a program changes the files.</summary>
public sealed record RunInstruction : Instruction
{
    public required CommandLine Line { get; init; }

    /// <summary>Values of --mount, as written.</summary>
    public IReadOnlyList<string> Mounts { get; init; } = [];

    public RunNetwork Network { get; init; }

    /// <summary>--security=insecure.</summary>
    public bool Insecure { get; init; }

    /// <summary>Values of --device.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];
}
