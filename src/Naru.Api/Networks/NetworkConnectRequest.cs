namespace Naru.Api;

/// <summary>POST /networks/ID/connect and /disconnect.</summary>
public sealed record NetworkConnectRequest
{
    public string Container { get; init; } = "";
}
