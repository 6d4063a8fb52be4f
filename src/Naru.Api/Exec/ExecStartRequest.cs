namespace Naru.Api;

/// <summary>POST /exec/{id}/start.</summary>
public sealed record ExecStartRequest
{
    public bool Detach { get; init; }
    public bool Tty { get; init; }
    public IReadOnlyList<uint>? ConsoleSize { get; init; }
}
