namespace Naru.Build.Dockerfile.Instructions;

/// <summary>SHELL: what reads the shell form.</summary>
public sealed record ShellInstruction : Instruction
{
    public required IReadOnlyList<string> Arguments { get; init; }
}
