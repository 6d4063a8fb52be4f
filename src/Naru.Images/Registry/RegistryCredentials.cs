namespace Naru.Images;

/// <summary>What proves who asks, for one registry. Never printed.</summary>
public sealed class RegistryCredentials
{
    public string? Username { get; init; }

    public string? Password { get; init; }

    /// <summary>An OAuth2 refresh token, exchanged for access tokens.</summary>
    public string? IdentityToken { get; init; }

    /// <summary>A bearer token, sent as it is.</summary>
    public string? RegistryToken { get; init; }

    public bool IsEmpty => string.IsNullOrEmpty(Username) && string.IsNullOrEmpty(IdentityToken) && string.IsNullOrEmpty(RegistryToken);
}
