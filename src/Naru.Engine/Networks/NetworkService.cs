using Naru.Base;
using Naru.Engine.Containers;

namespace Naru.Engine.Networks;

/// <summary>Gives a container its network: bridge, host, none or another container's.</summary>
public sealed class NetworkService(EnginePaths paths)
{
    /// <summary>What the sandbox was given, the namespace to enter (empty: the host's; null: a new one) and the files for /etc.</summary>
    public Task<(SandboxRecord? Sandbox, string? Namespace, IReadOnlyDictionary<string, string> EtcFiles)> Connect(ContainerRecord record, ContainerStore store, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var mode = record.HostConfig.NetworkMode;
        if (mode.StartsWith("container:", StringComparison.Ordinal))
        {
            var other = store.Get(mode[10..]);
            if (other.State is not ContainerState.Running running)
                throw NaruException.Conflict($"cannot join network namespace of a non running container: container {other.Id} is {other.State.Status}");
            return Task.FromResult<(SandboxRecord?, string?, IReadOnlyDictionary<string, string>)>((null, $"/proc/{running.Pid}/ns/net", EtcFiles.Of(paths, other.Id)));
        }

        var address = "";
        EtcFiles.Write(paths, record, address, mode == "host");
        return mode switch
        {
            "host" => Task.FromResult<(SandboxRecord?, string?, IReadOnlyDictionary<string, string>)>((null, "", EtcFiles.Of(paths, record.Id))),
            "none" => Task.FromResult<(SandboxRecord?, string?, IReadOnlyDictionary<string, string>)>((null, null, EtcFiles.Of(paths, record.Id))),
            _ => Task.FromResult<(SandboxRecord?, string?, IReadOnlyDictionary<string, string>)>((null, null, EtcFiles.Of(paths, record.Id))),
        };
    }

    public Task Disconnect(ContainerRecord record, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return Task.CompletedTask;
    }
}
