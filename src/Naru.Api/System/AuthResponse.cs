namespace Naru.Api;

/// <summary>The answer to POST /auth.</summary>
public sealed record AuthResponse
{
    public string Status { get; init; } = "";
    public string IdentityToken { get; init; } = "";
}
