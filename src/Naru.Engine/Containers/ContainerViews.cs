using Naru.Api;
using Naru.Base;
using Naru.Base.Units;
using Naru.Engine.Execs;

namespace Naru.Engine.Containers;

/// <summary>Containers as the API shows them.</summary>
public sealed class ContainerViews(EnginePaths paths, ExecService execs)
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
            State = State(container.State, container.Health),
            Image = record.ImageId,
            ResolvConfPath = Path.Combine(paths.Container(record.Id), "resolv.conf"),
            HostnamePath = Path.Combine(paths.Container(record.Id), "hostname"),
            HostsPath = Path.Combine(paths.Container(record.Id), "hosts"),
            LogPath = record.HostConfig.LogConfig.Type == "json-file" ? container.Log?.LogPath ?? "" : "",
            ExecIDs = execs.Running(container),
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
            Status = StatusText(container.State, container.Health),
            HostConfig = new ContainerSummaryHostConfig { NetworkMode = record.HostConfig.NetworkMode },
            NetworkSettings = new ContainerSummaryNetworks { Networks = Network(record).Networks },
            Mounts = Mounts(record),
        };
    }

    /// <summary>«Up 2 minutes», «Exited (0) 3 seconds ago», «Created».</summary>
    public static string StatusText(ContainerState state, HealthState? health)
    {
        var now = DateTime.UtcNow;
        return state switch
        {
            ContainerState.Running { Paused: true } running => $"Up {HumanDuration.Format(now - running.StartedAt)} (Paused)",
            ContainerState.Running running => $"Up {HumanDuration.Format(now - running.StartedAt)}{Health(health)}",
            ContainerState.Restarting again => $"Restarting ({again.ExitCode}) {HumanDuration.Format(now - again.FinishedAt)} ago",
            ContainerState.Exited { StartedAt.Ticks: 0 } => "Created",
            ContainerState.Exited end => $"Exited ({end.ExitCode}) {HumanDuration.Format(now - end.FinishedAt)} ago",
            ContainerState.Dead => "Dead",
            _ => "Created",
        };
    }

    /// <summary>Newest first.</summary>
    public static IReadOnlyList<Container> List(ContainerStore store, bool all, int limit, Filters filters)
    {
        var wanted = new ContainerFilters(store, filters);
        var wider = all || limit > 0 || wanted.IncludesStopped;
        var found = store.All.Where(container => (wider || container.State is ContainerState.Running or ContainerState.Restarting) && wanted.Matches(container))
            .OrderByDescending(container => container.Record.Created);
        return [.. limit > 0 ? found.Take(limit) : found];
    }

    private static string Health(HealthState? health) => health is null ? "" : health.Status == "starting" ? " (health: starting)" : $" ({health.Status})";

    private static ContainerStateInspect State(ContainerState state, HealthState? health)
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
            // Without a monitor nobody vouches for it any more.
            Health = health is null || state is ContainerState.Running ? health : health with { Status = "unhealthy" },
        };
    }

    private static string Time(DateTime time) => time.Ticks == 0 ? "0001-01-01T00:00:00Z" : GoTime.Nano(time);

    private static string Word(string word) => word.Contains(' ', StringComparison.Ordinal) ? $"'{word}'" : word;

    private static IReadOnlyList<MountPoint> Mounts(ContainerRecord record) => [.. record.Mounts.Where(mount => mount.Type != "tmpfs" || mount.Listed).Select(mount => new MountPoint
    {
        Type = mount.Type, Name = mount.Name, Source = mount.Source, Destination = mount.Destination, Driver = mount.Type == "volume" ? "local" : null,
        Mode = mount.Mode, RW = mount.ReadWrite, Propagation = mount.Propagation,
    })];

    internal static IReadOnlyList<PortSummary> Ports(ContainerRecord record)
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
