namespace Naru.Api.Client;

/// <summary>An engine's refusal, or its absence (status 0). The message is what Docker's client prints.</summary>
public sealed class EngineException(int status, string message) : Exception(message)
{
    /// <summary>HTTP status; 0 when no connection was made.</summary>
    public int Status { get; } = status;
}
