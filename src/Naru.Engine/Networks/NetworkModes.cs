using Naru.Api;
using Naru.Base;

namespace Naru.Engine.Networks;

/// <summary>What a container may ask of its network, given `--network`.</summary>
internal static class NetworkModes
{
    /// <summary>What a create says beside its answer.</summary>
    public static IEnumerable<string> Warnings(HostConfig host) =>
        host.NetworkMode == "host" && host.PortBindings is { Count: > 0 } ? ["Published ports are discarded when using host network mode"] : [];

    /// <exception cref="NaruException">InvalidArgument, in Docker's words. A network that does not exist fails at the start, as Docker's.</exception>
    public static void Check(ContainerConfig asked, HostConfig host)
    {
        if (!host.NetworkMode.StartsWith("container:", StringComparison.Ordinal))
            return;
        if (host.NetworkMode.Length == "container:".Length)
            throw NaruException.Invalid("invalid network mode: invalid container format container:<name|id>");
        if (!string.IsNullOrEmpty(asked.Hostname))
            throw NaruException.Invalid("conflicting options: hostname and the network mode");
        if (host.Dns is { Count: > 0 })
            throw NaruException.Invalid("conflicting options: dns and the network mode");
        if (host.ExtraHosts is { Count: > 0 })
            throw NaruException.Invalid("conflicting options: custom host-to-IP mapping and the network mode");
        if (host.PortBindings is { Count: > 0 } || host.PublishAllPorts)
            throw NaruException.Invalid("conflicting options: port publishing and the container type network mode");
        if (asked.ExposedPorts is { Count: > 0 })
            throw NaruException.Invalid("conflicting options: port exposing and the container type network mode");
    }
}
