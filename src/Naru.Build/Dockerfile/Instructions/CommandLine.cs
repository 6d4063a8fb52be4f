namespace Naru.Build.Dockerfile.Instructions;

/// <summary>What RUN, CMD and ENTRYPOINT run.</summary>
public sealed record CommandLine
{
    /// <summary>Exec form: the arguments. Shell form: the line, alone; empty when nothing stood there.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Not a JSON array: a shell reads it.</summary>
    public required bool IsShellForm { get; init; }

    public IReadOnlyList<Heredoc> Heredocs { get; init; } = [];
}
