using System.Text.Json.Serialization;

namespace Naru.Api;

/// <summary>POST /containers/create: a config with the host's part and the networks beside it.</summary>
public sealed record ContainerCreateRequest : ContainerConfig
{
    public HostConfig? HostConfig { get; init; }
    public NetworkingConfig? NetworkingConfig { get; init; }
}
