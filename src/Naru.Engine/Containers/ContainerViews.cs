using Naru.Api;
using Naru.Base;
using Naru.Base.Units;

namespace Naru.Engine.Containers;

/// <summary>Containers as the API shows them.</summary>
public sealed class ContainerViews(EnginePaths paths)
{
    public ContainerInspect Inspect(Container container)
    {
        var record = container.Record;
        var words = record.CommandLine;
        return new ContainerInspect
        {
            Id = record.Id,
            Created = GoTime.Nano(record.Created),
            Path = words.Count > 0 ? words[0] : "",
            Args = [.. words.Skip(1)],
            State = State(container.State),
            Image = record.ImageId,
            ResolvConfPath = Path.Combine(paths.Container(record.Id), "resolv.conf"),
            HostnamePath = Path.Combine(paths.Container(record.Id), "hostname"),
            HostsPath = Path.Combine(paths.Container(record.Id), "hosts"),
            LogPath = container.Log?.LogPath ?? "",
            Name = "/" + record.Name,
            RestartCount = record.RestartCount,
            HostConfig = record.HostConfig,
            Mounts = Mounts(record),
            Config = record.Config,
            NetworkSettings = Network(record, paths.NetNs(record.Id)),
        };
    }

    public static ContainerSummary Summary(Container container)
    {
        var record = container.Record;
        return new ContainerSummary
        {
            Id = record.Id,
            Names = ["/" + record.Name],
            Image = record.Config.Image,
            ImageID = record.ImageId,
            Command = string.Join(' ', record.CommandLine.Select(Word)),
            Created = new DateTimeOffset(record.Created).ToUnixTimeSeconds(),
            Ports = Ports(record),
            Labels = record.Config.Labels ?? [],
            State = container.State.Status,
            Status = StatusText(container.State),
            HostConfig = new ContainerSummaryHostConfig { NetworkMode = record.HostConfig.NetworkMode },
            NetworkSettings = new ContainerSummaryNetworks { Networks = Network(record).Networks },
            Mounts = Mounts(record),
        };
    }

    /// <summary>«Up 2 minutes», «Exited (0) 3 seconds ago», «Created».</summary>
    public static string StatusText(ContainerState state)
    {
        var now = DateTime.UtcNow;
        return state switch
        {
            ContainerState.Running { Paused: true } running => $"Up {HumanDuration.Format(now - running.StartedAt)} (Paused)",
            ContainerState.Running running => $"Up {HumanDuration.Format(now - running.StartedAt)}",
            ContainerState.Restarting again => $"Restarting ({again.ExitCode}) {HumanDuration.Format(now - again.FinishedAt)} ago",
            ContainerState.Exited { StartedAt.Ticks: 0 } => "Created",
            ContainerState.Exited end => $"Exited ({end.ExitCode}) {HumanDuration.Format(now - end.FinishedAt)} ago",
            ContainerState.Dead => "Dead",
            _ => "Created",
        };
    }

    public static IReadOnlyList<ContainerSummary> List(ContainerStore store, bool all, int limit, Filters filters)
    {
        if (filters.Has("status"))
        {
            foreach (var status in filters.Get("status"))
            {
                if (status is not ("created" or "running" or "paused" or "restarting" or "removing" or "exited" or "dead"))
                    throw NaruException.Invalid($"invalid filter 'status={status}'");
            }
        }

        Container? before = filters.Has("before") ? store.Get(filters.Get("before").First()) : null;
        Container? since = filters.Has("since") ? store.Get(filters.Get("since").First()) : null;
        var wider = all || limit > 0 || filters.Has("status") || filters.Has("exited") || before is not null || since is not null;
        var found = store.All.Where(container => (wider || container.State is ContainerState.Running or ContainerState.Restarting)
            && filters.Any("id", wanted => container.Id.StartsWith(wanted, StringComparison.Ordinal))
            && filters.Any("name", wanted => System.Text.RegularExpressions.Regex.IsMatch("/" + container.Name, wanted, System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromMilliseconds(100)))
            && filters.Any("status", wanted => container.State.Status == wanted)
            && filters.Any("exited", wanted => container.State is ContainerState.Exited end && end.ExitCode.ToString(System.Globalization.CultureInfo.InvariantCulture) == wanted)
            && filters.Labels("label", container.Record.Config.Labels)
            && filters.Any("ancestor", wanted => Ancestor(container, wanted))
            && filters.Any("volume", wanted => container.Record.Mounts.Any(mount => mount.Name == wanted || mount.Destination == wanted))
            && filters.Any("network", wanted => container.Record.HostConfig.NetworkMode == wanted)
            && filters.Any("publish", wanted => (container.Record.HostConfig.PortBindings ?? []).Keys.Any(port => port == wanted || port.StartsWith(wanted + "/", StringComparison.Ordinal)))
            && filters.Any("expose", wanted => (container.Record.Config.ExposedPorts ?? []).Keys.Any(port => port == wanted || port.StartsWith(wanted + "/", StringComparison.Ordinal)))
            && (before is null || container.Record.Created < before.Record.Created) && (since is null || container.Record.Created > since.Record.Created))
            .OrderByDescending(container => container.Record.Created);
        return [.. (limit > 0 ? found.Take(limit) : found).Select(Summary)];
    }

    private static bool Ancestor(Container container, string wanted) =>
        container.Record.Config.Image == wanted || container.Record.Config.Image == wanted + ":latest" || container.Record.ImageId == wanted
        || container.Record.ImageId.StartsWith("sha256:" + wanted, StringComparison.Ordinal);

    private static ContainerStateInspect State(ContainerState state)
    {
        var record = Containers.StateRecord.From(state);
        return new ContainerStateInspect
        {
            Status = record.Status,
            Running = state is ContainerState.Running or ContainerState.Restarting,
            Paused = record.Status == "paused",
            Restarting = record.Status == "restarting",
            OOMKilled = record.OomKilled,
            Dead = record.Status == "dead",
            Pid = record.Pid,
            ExitCode = record.ExitCode,
            Error = record.Error,
            StartedAt = Time(record.StartedAt),
            FinishedAt = Time(record.FinishedAt),
        };
    }

    private static string Time(DateTime time) => time.Ticks == 0 ? "0001-01-01T00:00:00Z" : GoTime.Nano(time);

    private static string Word(string word) => word.Contains(' ', StringComparison.Ordinal) ? $"'{word}'" : word;

    private static IReadOnlyList<MountPoint> Mounts(ContainerRecord record) => [.. record.Mounts.Where(mount => mount.Type != "tmpfs").Select(mount => new MountPoint
    {
        Type = mount.Type, Name = mount.Name, Source = mount.Source, Destination = mount.Destination, Driver = mount.Type == "volume" ? "local" : null,
        Mode = mount.Mode, RW = mount.ReadWrite, Propagation = mount.Propagation,
    })];

    private static IReadOnlyList<PortSummary> Ports(ContainerRecord record)
    {
        List<PortSummary> result = [];
        foreach (var (name, bindings) in record.Sandbox?.Ports ?? [])
        {
            var (port, protocol) = PortNames.Parse(name);
            if (bindings is not { Count: > 0 })
                result.Add(new PortSummary { PrivatePort = port, Type = protocol });
            foreach (var binding in bindings ?? [])
                result.Add(new PortSummary { IP = binding.HostIp, PrivatePort = port, PublicPort = int.Parse(binding.HostPort, System.Globalization.CultureInfo.InvariantCulture), Type = protocol });
        }

        return result;
    }

    private static NetworkSettings Network(ContainerRecord record) => Network(record, "");

    private static NetworkSettings Network(ContainerRecord record, string key)
    {
        var sandbox = record.Sandbox;
        var name = record.HostConfig.NetworkMode;
        var networks = new SortedDictionary<string, EndpointSettings?>(StringComparer.Ordinal);
        if (!name.StartsWith("container:", StringComparison.Ordinal))
        {
            networks[name] = new EndpointSettings
            {
                EndpointID = sandbox?.EndpointId ?? "",
                Gateway = sandbox?.Gateway ?? "",
                IPAddress = sandbox?.Address ?? "",
                IPPrefixLen = sandbox?.PrefixLength ?? 0,
                MacAddress = sandbox?.MacAddress ?? "",
                NetworkID = Networks.NetworkList.IdOf(name),
            };
        }

        return new NetworkSettings
        {
            SandboxID = sandbox is null ? "" : record.Id,
            SandboxKey = sandbox is null ? "" : key,
            Ports = sandbox?.Ports ?? [],
            EndpointID = sandbox?.EndpointId ?? "",
            Gateway = sandbox?.Gateway ?? "",
            IPAddress = sandbox?.Address ?? "",
            IPPrefixLen = sandbox?.PrefixLength ?? 0,
            MacAddress = sandbox?.MacAddress ?? "",
            Networks = networks,
        };
    }
}
