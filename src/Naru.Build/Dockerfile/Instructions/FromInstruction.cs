namespace Naru.Build.Dockerfile.Instructions;

/// <summary>FROM [--platform=…] base [AS name]: a stage begins.</summary>
public sealed record FromInstruction : Instruction
{
    public required string Base { get; init; }

    /// <summary>Lowercase; empty: it has none.</summary>
    public required string StageName { get; init; }

    /// <summary>As written; empty: none.</summary>
    public required string Platform { get; init; }

    /// <summary>The comment above that begins with the stage's name, without the name; else empty.</summary>
    public string Description { get; init; } = "";
}
