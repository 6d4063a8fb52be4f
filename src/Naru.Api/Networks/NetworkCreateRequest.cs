namespace Naru.Api;

/// <summary>POST /networks/create, as far as it is read.</summary>
public sealed record NetworkCreateRequest
{
    public string Name { get; init; } = "";
    public string? Driver { get; init; }
}
