namespace Naru.Api;

/// <summary>Why a wait has no exit code.</summary>
public sealed record WaitError
{
    public string Message { get; init; } = "";
}
