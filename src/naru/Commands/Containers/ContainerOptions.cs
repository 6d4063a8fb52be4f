using System.Globalization;
using System.Text;
using System.Text.Json;
using Naru.Base.Units;

namespace Naru.Cli.Commands.Containers;

/// <summary>What the flags of `run` and `create` mean: the request that they make.</summary>
internal static class ContainerOptions
{
    /// <param name="words">The image, then the command.</param>
    /// <exception cref="NaruException">Flags that contradict each other or do not parse, with Docker's text.</exception>
    public static ContainerCreateRequest Build(ContainerFlags flags, IReadOnlyList<string> words, IReadOnlyDictionary<string, string> proxies, bool detached)
    {
        var attach = flags.Attach.Values;
        var stdin = attach.Contains("stdin") || flags.Interactive;
        if (detached && attach.Count > 0)
            throw new ExitException(1, "conflicting options: cannot specify both --attach and --detach");
        if (detached)
            stdin = false;
        var ports = Ports(flags);
        var (binds, volumes) = Volumes(flags);
        var host = HostSide(flags, ports, binds);
        return new ContainerCreateRequest
        {
            Hostname = flags.Hostname,
            Domainname = flags.DomainName,
            User = flags.User,
            Tty = flags.Tty,
            OpenStdin = flags.Interactive,
            AttachStdin = stdin,
            AttachStdout = !detached && (attach.Count == 0 || attach.Contains("stdout")),
            AttachStderr = !detached && (attach.Count == 0 || attach.Contains("stderr")),
            StdinOnce = flags.Interactive && stdin,
            ExposedPorts = ports.Exposed.Count > 0 ? ports.Exposed : null,
            Env = [.. Missing(proxies, flags.Env.Values), .. KeyValueFiles.ReadEnvironment(flags.EnvFile.Values), .. flags.Env.Values],
            Cmd = words.Count > 1 ? [.. words.Skip(1)] : null,
            Entrypoint = flags.Entrypoint.Changed ? [flags.Entrypoint.Value] : null,
            Image = words[0],
            Volumes = volumes,
            WorkingDir = flags.WorkingDirectory,
            MacAddress = flags.MacAddress.Changed ? flags.MacAddress.Value : null,
            Labels = KeyValueFiles.ToMap([.. KeyValueFiles.Read(flags.LabelFile.Values), .. flags.Labels.Values]),
            StopSignal = flags.StopSignal.Changed ? flags.StopSignal.Value : null,
            StopTimeout = flags.StopTimeout.Changed ? flags.StopTimeout.Value : null,
            Healthcheck = Health(flags),
            HostConfig = host,
            NetworkingConfig = new NetworkingConfig { EndpointsConfig = ContainerNetworks.Endpoints(flags) },
        };
    }

    /// <summary>"no", "always", "unless-stopped", "on-failure[:N]".</summary>
    public static RestartPolicy Restart(string text)
    {
        var parts = text.Split(':', 2);
        var count = 0;
        if (text.StartsWith(':'))
            throw NaruException.Invalid("invalid restart policy format: no policy provided before colon");
        if (parts.Length > 1 && !int.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out count))
            throw NaruException.Invalid("invalid restart policy format: maximum retry count must be an integer");
        return new RestartPolicy { Name = parts[0], MaximumRetryCount = count };
    }

    private static HostConfig HostSide(ContainerFlags flags, PublishedPorts ports, List<string> binds)
    {
        if (flags.MemorySwappiness.Value is not (-1 or (>= 0 and <= 100)))
            throw NaruException.Invalid($"invalid value: {flags.MemorySwappiness.Value}. Valid memory swappiness range is 0-100");
        var restart = Restart(flags.Restart);
        if (flags.Remove && restart.Name is not ("" or "no"))
            throw NaruException.Invalid("conflicting options: cannot specify both --restart and --rm");
        var security = SecurityText.Read(flags.SecurityOptions.Values);
        var (devices, requests) = Devices(flags);
        return new HostConfig
        {
            Binds = binds.Count > 0 ? binds : null,
            ContainerIDFile = flags.CidFile,
            LogConfig = Logging(flags),
            NetworkMode = ContainerNetworks.Mode(flags),
            PortBindings = new(ports.Bindings.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<PortBinding>?)pair.Value), StringComparer.Ordinal),
            RestartPolicy = restart,
            AutoRemove = flags.Remove,
            VolumeDriver = flags.VolumeDriver,
            VolumesFrom = OrNull(flags.VolumesFrom),
            ConsoleSize = ConsoleSize(),
            Annotations = flags.Annotations.Values.Count > 0 ? KeyValueFiles.ToMap(flags.Annotations.Values) : null,
            CapAdd = OrNull(flags.CapAdd),
            CapDrop = OrNull(flags.CapDrop),
            CgroupnsMode = OneOf("--cgroupns: invalid CGROUP mode", flags.CgroupNamespace, "host", "private"),
            Dns = flags.Dns.Values,
            DnsOptions = flags.DnsOption.Values,
            DnsSearch = flags.DnsSearch.Values is ["."] ? [] : flags.DnsSearch.Values,
            ExtraHosts = OrNull(flags.AddHost),
            GroupAdd = OrNull(flags.GroupAdd),
            IpcMode = flags.Ipc,
            Links = OrNull(flags.Links),
            OomScoreAdj = (int)flags.OomScoreAdjust.Value,
            PidMode = PidMode(flags.Pid),
            Privileged = flags.Privileged,
            PublishAllPorts = flags.PublishAll,
            ReadonlyRootfs = flags.ReadOnly,
            SecurityOpt = security.Options,
            MaskedPaths = security.Unmasked ? [] : null,
            ReadonlyPaths = security.Unmasked ? [] : null,
            StorageOpt = flags.StorageOptions.Values.Count > 0 ? Storage(flags) : null,
            Tmpfs = Tmpfs(flags),
            UTSMode = OneOf("--uts: invalid UTS mode", flags.Uts, "host"),
            UsernsMode = OneOf("--userns: invalid USER mode", flags.UserNamespace, "host"),
            ShmSize = flags.ShmSize,
            Sysctls = flags.Sysctls.Values.Count > 0 ? KeyValueFiles.ToMap(flags.Sysctls.Values) : null,
            Runtime = flags.Runtime.Value.Length > 0 ? flags.Runtime.Value : null,
            Isolation = flags.Isolation,
            CpuShares = flags.CpuShares,
            Memory = flags.Memory,
            NanoCpus = flags.Cpus,
            CgroupParent = flags.CgroupParent,
            BlkioWeight = (int)flags.BlkioWeight.Value,
            BlkioWeightDevice = [.. flags.BlkioWeightDevice.Values.Select(text => new WeightDevice { Path = text.Split(':')[0], Weight = int.Parse(text.Split(':')[1], CultureInfo.InvariantCulture) })],
            BlkioDeviceReadBps = Throttles(flags.DeviceReadBps),
            BlkioDeviceWriteBps = Throttles(flags.DeviceWriteBps),
            BlkioDeviceReadIOps = Throttles(flags.DeviceReadIops),
            BlkioDeviceWriteIOps = Throttles(flags.DeviceWriteIops),
            CpuPeriod = flags.CpuPeriod,
            CpuQuota = flags.CpuQuota,
            CpuRealtimePeriod = flags.CpuRealtimePeriod,
            CpuRealtimeRuntime = flags.CpuRealtimeRuntime,
            CpusetCpus = flags.CpusetCpus,
            CpusetMems = flags.CpusetMems,
            Devices = devices,
            DeviceRequests = requests,
            DeviceCgroupRules = OrNull(flags.DeviceCgroupRules),
            KernelMemory = flags.KernelMemory,
            MemoryReservation = flags.MemoryReservation,
            MemorySwap = flags.MemorySwap,
            MemorySwappiness = flags.MemorySwappiness,
            OomKillDisable = flags.OomKillDisable.Value,
            PidsLimit = flags.PidsLimit,
            Ulimits = [.. flags.Ulimits.Values.Select(UlimitText.Parse)],
            CpuCount = flags.CpuCount,
            CpuPercent = flags.CpuPercent,
            IOMaximumIOps = flags.IoMaximumIops,
            IOMaximumBandwidth = (ulong)flags.IoMaximumBandwidth.Value,
            Mounts = flags.Mounts.Values.Count > 0 ? [.. flags.Mounts.Values.Select(MountText.Parse)] : null,
            Init = flags.Init.Changed ? flags.Init.Value : null,
        };
    }

    private static IReadOnlyList<uint> ConsoleSize()
    {
        var (rows, columns) = Terminal.ConsoleTerminal.Size(1);
        return [(uint)rows, (uint)columns];
    }

    private static IReadOnlyList<string>? OrNull(ListFlag flag) => flag.Values.Count > 0 ? flag.Values : null;

    private static string OneOf(string refusal, string value, params ReadOnlySpan<string> allowed) =>
        value.Length == 0 || allowed.Contains(value) ? value : throw NaruException.Invalid(refusal);

    private static string PidMode(string value) =>
        value is "" or "host" || (value.StartsWith("container:", StringComparison.Ordinal) && value.Length > 10) ? value : throw NaruException.Invalid("--pid: invalid PID mode");

    private static IEnumerable<string> Missing(IReadOnlyDictionary<string, string> proxies, IReadOnlyList<string> given) =>
        proxies.Where(pair => !given.Any(text => text == pair.Key || text.StartsWith(pair.Key + "=", StringComparison.Ordinal))).Select(pair => $"{pair.Key}={pair.Value}");

    private static PublishedPorts Ports(ContainerFlags flags)
    {
        var ports = new PublishedPorts();
        foreach (var spec in flags.Publish.Values)
            ports.Publish(spec);
        foreach (var spec in flags.Expose.Values)
            ports.Expose(spec);
        return ports;
    }

    private static (List<string> Binds, SortedDictionary<string, EmptyObject>? Volumes) Volumes(ContainerFlags flags)
    {
        var binds = new List<string>();
        SortedDictionary<string, EmptyObject>? volumes = null;
        foreach (var spec in flags.Volumes.Values)
        {
            if (spec.Length == 0)
                throw NaruException.Invalid("invalid empty volume spec");
            // One or two letters are a path alone; a single letter before the colon is taken for a drive of Windows.
            var drive = spec.Length > 1 && char.IsAsciiLetter(spec[0]) && spec[1] == ':';
            var at = spec.Length <= 2 ? -1 : spec.IndexOf(':', drive ? 2 : 0);
            if (at < 0)
            {
                (volumes ??= new(StringComparer.Ordinal))[spec] = new EmptyObject();
                continue;
            }

            var source = spec[..at];
            if (source.StartsWith('.'))
                source = Path.GetFullPath(source);
            binds.Add(source + spec[at..]);
        }

        return (binds, volumes);
    }

    private static SortedDictionary<string, string>? Tmpfs(ContainerFlags flags)
    {
        if (flags.Tmpfs.Values.Count == 0)
            return null;
        var tmpfs = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in flags.Tmpfs.Values)
            tmpfs[text.Split(':', 2)[0]] = text.Contains(':') ? text.Split(':', 2)[1] : "";
        return tmpfs;
    }

    private static LogConfig Logging(ContainerFlags flags)
    {
        if (flags.LogDriver == "none" && flags.LogOptions.Values.Count > 0)
            throw NaruException.Invalid("invalid logging opts for driver none");
        return new LogConfig { Type = flags.LogDriver, Config = KeyValueFiles.ToMap(flags.LogOptions.Values) };
    }

    private static SortedDictionary<string, string> Storage(ContainerFlags flags) =>
        flags.StorageOptions.Values.All(text => text.Contains('=')) ? KeyValueFiles.ToMap(flags.StorageOptions.Values) : throw NaruException.Invalid("invalid storage option");

    private static List<ThrottleDevice> Throttles(ListFlag flag) =>
        [.. flag.Values.Select(text => text.Split(':')).Select(parts => new ThrottleDevice { Path = parts[0], Rate = (ulong)ByteSize.ParseRam(parts[1]) })];

    private static (List<DeviceMapping> Devices, List<DeviceRequest>? Requests) Devices(ContainerFlags flags)
    {
        var devices = new List<DeviceMapping>();
        var interfaces = new List<string>();
        foreach (var text in flags.Devices.Values)
        {
            if (!text.StartsWith('/') && text.Contains('/') && text.Contains('='))
            {
                interfaces.Add(text);
                continue;
            }

            var parts = text.Split(':');
            var (inside, permissions) = parts switch
            {
                [var only] => (only, "rwm"),
                [_, var second] => IsMode(second) ? (parts[0], second) : (second, "rwm"),
                [_, var second, var third] => (second, third),
                _ => throw NaruException.Invalid($"bad format for path: {text}"),
            };
            if (!IsMode(permissions))
                throw NaruException.Invalid($"bad mode specified: {permissions}");
            devices.Add(new DeviceMapping { PathOnHost = parts[0], PathInContainer = inside, CgroupPermissions = permissions });
        }

        var requests = flags.Gpus.Values.Select(OptionValues.GpuRequest).ToList();
        if (interfaces.Count > 0)
            requests.Add(new DeviceRequest { Driver = "cdi", DeviceIDs = interfaces });
        return (devices, requests.Count > 0 ? requests : null);

        static bool IsMode(string text) => text.Length is >= 1 and <= 3 && text.All(letter => letter is 'r' or 'w' or 'm') && text.Distinct().Count() == text.Length;
    }

    private static HealthConfig? Health(ContainerFlags flags)
    {
        var any = flags.HealthCommand.Value.Length > 0 || flags.HealthInterval != 0 || flags.HealthTimeout != 0 || flags.HealthStartPeriod != 0 || flags.HealthStartInterval != 0 || flags.HealthRetries != 0;
        if (flags.NoHealthcheck)
            return any ? throw NaruException.Invalid("--no-healthcheck conflicts with --health-* options") : new HealthConfig { Test = ["NONE"] };
        if (!any)
            return null;
        foreach (var flag in (ValueFlag<long>[])[flags.HealthInterval, flags.HealthTimeout, flags.HealthRetries, flags.HealthStartPeriod, flags.HealthStartInterval])
        {
            if (flag.Value < 0)
                throw NaruException.Invalid($"--{flag.Name} cannot be negative");
        }

        return new HealthConfig
        {
            Test = flags.HealthCommand.Value.Length > 0 ? ["CMD-SHELL", flags.HealthCommand.Value] : null,
            Interval = flags.HealthInterval,
            Timeout = flags.HealthTimeout,
            StartPeriod = flags.HealthStartPeriod,
            StartInterval = flags.HealthStartInterval,
            Retries = (int)flags.HealthRetries.Value,
        };
    }
}
