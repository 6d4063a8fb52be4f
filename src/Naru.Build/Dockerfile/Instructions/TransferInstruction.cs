namespace Naru.Build.Dockerfile.Instructions;

/// <summary>What COPY and ADD have in common. Empty where a flag was not given.</summary>
public abstract record TransferInstruction : Instruction
{
    /// <summary>Paths, URLs, repositories; as written, in order.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>Here-documents among the sources: each is a file of its name.</summary>
    public IReadOnlyList<Heredoc> Heredocs { get; init; } = [];

    public required string Destination { get; init; }

    public string Chown { get; init; } = "";

    public string Chmod { get; init; } = "";

    public bool Link { get; init; }

    public IReadOnlyList<string> Exclude { get; init; } = [];
}
