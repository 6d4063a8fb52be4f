namespace Naru.Api;

/// <summary>The network whose configuration another one takes.</summary>
public sealed record NetworkConfigReference
{
    public string Network { get; init; } = "";
}
