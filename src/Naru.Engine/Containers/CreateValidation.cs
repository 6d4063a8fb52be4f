using System.Globalization;
using Naru.Api;
using Naru.Base;
using Naru.Base.Units;
using Naru.Engine.Security;

namespace Naru.Engine.Containers;

/// <summary>What a create may ask for, and what it gets when it does not say.</summary>
public static class CreateValidation
{
    private const long LeastMemory = 6 * 1024 * 1024;
    private const long DefaultShm = 64 * 1024 * 1024;

    /// <summary>Nulls that other clients send become Docker's empty values; the image's defaults are merged in.</summary>
    public static ContainerConfig Merge(ContainerConfig config, Naru.Oci.ContainerDefaults? image, string id)
    {
        var environment = Specs.SpecBuilder.MergeEnvironment(image?.Env ?? [], config.Env);
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in image?.Labels ?? new Dictionary<string, string>())
            labels[name] = value;
        foreach (var (name, value) in config.Labels ?? [])
            labels[name] = value;
        var ports = new SortedDictionary<string, EmptyObject>(StringComparer.Ordinal);
        foreach (var port in (image?.ExposedPorts?.Keys ?? []).Concat(config.ExposedPorts?.Keys ?? Enumerable.Empty<string>()))
            ports[PortNames.Normalise(port)] = new EmptyObject();
        var volumes = new SortedDictionary<string, EmptyObject>(StringComparer.Ordinal);
        foreach (var volume in (image?.Volumes?.Keys ?? []).Concat(config.Volumes?.Keys ?? Enumerable.Empty<string>()))
            volumes[volume] = new EmptyObject();
        // An empty first word says: no entrypoint at all.
        var clear = config.Entrypoint is [""];
        var entrypoint = clear ? null : config.Entrypoint is { Count: > 0 } own ? own : image?.Entrypoint;
        var command = config.Cmd is { Count: > 0 } ? config.Cmd : config.Entrypoint is { Count: > 0 } ? config.Cmd : image?.Cmd;
        return new ContainerConfig
        {
            Hostname = string.IsNullOrEmpty(config.Hostname) ? id[..12] : config.Hostname,
            Domainname = config.Domainname ?? "",
            User = string.IsNullOrEmpty(config.User) ? image?.User ?? "" : config.User,
            AttachStdin = config.AttachStdin,
            AttachStdout = config.AttachStdout,
            AttachStderr = config.AttachStderr,
            ExposedPorts = ports.Count > 0 ? ports : null,
            Tty = config.Tty,
            OpenStdin = config.OpenStdin,
            StdinOnce = config.StdinOnce,
            Env = environment,
            Cmd = command,
            Healthcheck = config.Healthcheck,
            ArgsEscaped = config.ArgsEscaped,
            Image = config.Image ?? "",
            Volumes = volumes.Count > 0 ? volumes : null,
            WorkingDir = string.IsNullOrEmpty(config.WorkingDir) ? image?.WorkingDir ?? "" : config.WorkingDir,
            Entrypoint = entrypoint,
            NetworkDisabled = config.NetworkDisabled,
            MacAddress = config.MacAddress,
            OnBuild = config.OnBuild,
            Labels = labels,
            StopSignal = string.IsNullOrEmpty(config.StopSignal) ? image?.StopSignal : config.StopSignal,
            StopTimeout = config.StopTimeout,
            Shell = config.Shell,
        };
    }

    public static HostConfig Defaults(HostConfig? asked, bool unifiedCgroups, string defaultRuntime)
    {
        var host = asked ?? new HostConfig();
        var memorySwap = host.Memory > 0 && host.MemorySwap == 0 ? host.Memory * 2 : host.MemorySwap;
        return host with
        {
            ContainerIDFile = host.ContainerIDFile ?? "",
            LogConfig = string.IsNullOrEmpty(host.LogConfig?.Type) ? new LogConfig { Type = "json-file", Config = host.LogConfig?.Config ?? [] } : host.LogConfig with { Config = host.LogConfig.Config ?? [] },
            NetworkMode = string.IsNullOrEmpty(host.NetworkMode) || host.NetworkMode == "default" ? "bridge" : host.NetworkMode,
            PortBindings = Bindings(host.PortBindings),
            RestartPolicy = string.IsNullOrEmpty(host.RestartPolicy?.Name) ? new RestartPolicy { Name = "no", MaximumRetryCount = host.RestartPolicy?.MaximumRetryCount ?? 0 } : host.RestartPolicy,
            VolumeDriver = host.VolumeDriver ?? "",
            CgroupnsMode = string.IsNullOrEmpty(host.CgroupnsMode) ? (unifiedCgroups && !host.Privileged ? "private" : "host") : host.CgroupnsMode,
            IpcMode = string.IsNullOrEmpty(host.IpcMode) ? "private" : host.IpcMode,
            Cgroup = host.Cgroup ?? "",
            PidMode = host.PidMode ?? "",
            UTSMode = host.UTSMode ?? "",
            UsernsMode = host.UsernsMode ?? "",
            Isolation = host.Isolation ?? "",
            CgroupParent = host.CgroupParent ?? "",
            CpusetCpus = host.CpusetCpus ?? "",
            CpusetMems = host.CpusetMems ?? "",
            ShmSize = host.ShmSize == 0 ? DefaultShm : host.ShmSize,
            Runtime = string.IsNullOrEmpty(host.Runtime) ? defaultRuntime : host.Runtime,
            MemorySwap = memorySwap,
            PidsLimit = host.PidsLimit is 0 or -1 ? null : host.PidsLimit,
            OomKillDisable = unifiedCgroups ? null : host.OomKillDisable ?? false,
            MemorySwappiness = host.MemorySwappiness == -1 ? null : host.MemorySwappiness,
            SecurityOpt = host.Privileged && host.SecurityOpt is null ? ["label=disable"] : host.SecurityOpt,
        };
    }

    /// <exception cref="NaruException">InvalidArgument, in Docker's words.</exception>
    public static void Check(ContainerConfig config, HostConfig host)
    {
        if (config.WorkingDir.Length > 0 && !config.WorkingDir.StartsWith('/'))
            throw NaruException.Invalid($"the working directory '{config.WorkingDir}' is invalid, it needs to be an absolute path");
        foreach (var variable in config.Env ?? [])
        {
            if (variable.Length == 0 || variable[0] == '=')
                throw NaruException.Invalid($"invalid environment variable: {variable}");
        }

        if (config.Hostname.Length > 63 && !config.Hostname.Contains('.'))
            throw NaruException.Invalid($"invalid hostname format: {config.Hostname}");
        if (config.StopSignal is { Length: > 0 } signal)
            SignalNames.Parse(signal);
        if (config.Healthcheck?.Test is { Count: > 0 } test && test[0] is not ("" or "NONE"))
            throw NaruException.Invalid("health checks are not supported by this engine yet");
        CheckResources(host);
        CheckModes(host);
        CapabilityNames.Normalise(host.CapAdd, "CapAdd");
        CapabilityNames.Normalise(host.CapDrop, "CapDrop");
        CheckRestart(host);
        CheckLog(host.LogConfig);
        CheckSecurity(host);
        foreach (var (port, bindings) in host.PortBindings ?? [])
        {
            PortNames.Parse(port);
            foreach (var binding in bindings ?? [])
                PortNames.CheckHostPort(binding.HostPort);
        }

        if (host.Links is { Count: > 0 })
            throw NaruException.Invalid("links are not supported: use a network");
        if (host.DeviceRequests is { Count: > 0 })
            throw NaruException.Invalid("could not select device driver \"\" with capabilities: [[gpu]]");
        if (host.StorageOpt is { Count: > 0 })
            throw NaruException.Invalid("--storage-opt is supported only for overlay over xfs with 'pquota' mount option");
        if (host.Init == true)
            throw NaruException.Invalid("--init needs an init binary (docker-init), and this engine has none");
        if (host.UsernsMode is not ("" or "host"))
            throw NaruException.Invalid($"invalid user namespace mode: {host.UsernsMode}");
    }

    private static void CheckResources(HostConfig host)
    {
        if (host.Memory != 0 && host.Memory < LeastMemory)
            throw NaruException.Invalid("Minimum memory limit allowed is 6MB");
        if (host.Memory > 0 && host.MemorySwap > 0 && host.MemorySwap < host.Memory)
            throw NaruException.Invalid("Minimum memoryswap limit should be larger than memory limit, see usage");
        if (host.Memory == 0 && host.MemorySwap > 0)
            throw NaruException.Invalid("You should always set the Memory limit when using Memoryswap limit, see usage");
        if (host.MemorySwappiness is < 0 or > 100)
            throw NaruException.Invalid($"Invalid value: {host.MemorySwappiness}, valid memory swappiness range is 0-100");
        if (host.MemoryReservation != 0 && host.MemoryReservation < LeastMemory)
            throw NaruException.Invalid("Minimum memory reservation allowed is 6MB");
        if (host.Memory > 0 && host.MemoryReservation > host.Memory)
            throw NaruException.Invalid("Minimum memory limit can not be less than memory reservation limit, see usage");
        if (host.NanoCpus != 0 && (host.CpuPeriod > 0 || host.CpuQuota > 0))
            throw NaruException.Invalid("Conflicting options: Nano CPUs and CPU Period cannot both be set");
        if (host.NanoCpus != 0 && (host.NanoCpus < 10_000_000 || host.NanoCpus > Environment.ProcessorCount * 1_000_000_000L))
            throw NaruException.Invalid(string.Create(CultureInfo.InvariantCulture, $"range of CPUs is from 0.01 to {Environment.ProcessorCount}.00, as there are only {Environment.ProcessorCount} CPUs available"));
        if (host.CpuPeriod != 0 && host.CpuPeriod is < 1000 or > 1_000_000)
            throw NaruException.Invalid("CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)");
        if (host.CpuQuota is > 0 and < 1000)
            throw NaruException.Invalid("CPU cfs quota can not be less than 1ms (i.e. 1000)");
        if (host.CpuShares < 0)
            throw NaruException.Invalid($"invalid CPU shares ({host.CpuShares}): value must be a positive integer");
        if (host.BlkioWeight is not 0 and (< 10 or > 1000))
            throw NaruException.Invalid("Range of blkio weight is from 10 to 1000");
        if (host.OomScoreAdj is < -1000 or > 1000)
            throw NaruException.Invalid($"Invalid value {host.OomScoreAdj}, range for oom score adj is [-1000, 1000]");
        if (host.ShmSize < 0)
            throw NaruException.Invalid("SHM size can not be less than 0");
        CheckCpuset(host.CpusetCpus, "cpus", Environment.ProcessorCount);
        CheckCpuset(host.CpusetMems, "memory nodes", 1);
    }

    /// <summary>A list such as 0-2,7; ranges are compared as numbers, never expanded (CVE-2018-20699).</summary>
    private static void CheckCpuset(string text, string what, int available)
    {
        if (text.Length == 0)
            return;
        var field = what == "cpus" ? "cpuset cpus" : "cpuset mems";
        foreach (var part in text.Split(','))
        {
            var ends = part.Split('-');
            if (ends.Length > 2 || !ends.All(end => int.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
                throw NaruException.Invalid($"Invalid value {text} for {field}");
            var first = int.Parse(ends[0], CultureInfo.InvariantCulture);
            var last = int.Parse(ends[^1], CultureInfo.InvariantCulture);
            if (last < first)
                throw NaruException.Invalid($"Invalid value {text} for {field}");
            if (last >= available)
                throw NaruException.Invalid($"Requested {(what == "cpus" ? "CPUs" : "memory nodes")} are not available - requested {text}, available: {(available > 1 ? $"0-{available - 1}" : "0")}");
        }
    }

    private static void CheckModes(HostConfig host)
    {
        if (host.IpcMode is not ("private" or "shareable" or "host" or "none") && !host.IpcMode.StartsWith("container:", StringComparison.Ordinal))
            throw NaruException.Invalid($"invalid IPC mode: {host.IpcMode}");
        if (host.PidMode is not ("" or "host" or "private") && !host.PidMode.StartsWith("container:", StringComparison.Ordinal))
            throw NaruException.Invalid($"invalid PID mode: {host.PidMode}");
        if (host.UTSMode is not ("" or "host" or "private"))
            throw NaruException.Invalid($"invalid UTS mode: {host.UTSMode}");
        if (host.CgroupnsMode is not ("private" or "host"))
            throw NaruException.Invalid($"invalid cgroup namespace mode: {host.CgroupnsMode}");
        foreach (var name in (host.Sysctls ?? []).Keys)
        {
            if (host.NetworkMode == "host" && name.StartsWith("net.", StringComparison.Ordinal))
                throw NaruException.Invalid($"sysctl '{name}' is not allowed with host network mode");
        }
    }

    private static void CheckRestart(HostConfig host)
    {
        var policy = host.RestartPolicy;
        if (policy.Name is not ("no" or "always" or "unless-stopped" or "on-failure"))
            throw NaruException.Invalid($"invalid restart policy: unknown policy '{policy.Name}'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'");
        if (policy.MaximumRetryCount != 0 && policy.Name != "on-failure")
            throw NaruException.Invalid("invalid restart policy: maximum retry count can only be used with 'on-failure'" + (policy.MaximumRetryCount < 0 ? " and cannot be negative" : ""));
        if (policy.MaximumRetryCount < 0)
            throw NaruException.Invalid("invalid restart policy: maximum retry count cannot be negative");
        if (host.AutoRemove && policy.Name != "no")
            throw NaruException.Invalid("can't create 'AutoRemove' container with restart policy");
    }

    private static void CheckLog(LogConfig log)
    {
        if (log.Type is not ("json-file" or "none"))
            throw NaruException.Invalid($"logger: no log driver named '{log.Type}' is registered");
        foreach (var (name, value) in log.Config ?? [])
        {
            switch (name)
            {
                case "max-size":
                    if (value != "-1")
                        ByteSize.ParseRam(value);
                    break;
                case "max-file":
                    if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var files) || files < 1)
                        throw NaruException.Invalid("max-file cannot be less than 1");
                    break;
                default:
                    throw NaruException.Invalid($"unknown log opt '{name}' for {log.Type} log driver");
            }
        }

        if (log.Config is { } all && all.ContainsKey("max-file") && !all.ContainsKey("max-size") && all["max-file"] != "1")
            throw NaruException.Invalid("max-size must be set when max-file is used");
    }

    private static void CheckSecurity(HostConfig host)
    {
        foreach (var option in host.SecurityOpt ?? [])
        {
            var name = option.Split('=', ':')[0];
            if (option is "no-new-privileges")
                continue;
            if (name is not ("seccomp" or "apparmor" or "label" or "no-new-privileges" or "systempaths") || option.Length <= name.Length + 1)
                throw NaruException.Invalid($"invalid --security-opt 1: \"{option}\"");
            if (name == "seccomp" && option[8..] is not ("unconfined" or "builtin"))
                SeccompProfiles.Parse(option[8..], []);
            if (name == "label" && option[6..] != "disable")
                throw NaruException.Invalid("SELinux labels are not supported by this engine");
        }
    }

    private static SortedDictionary<string, IReadOnlyList<PortBinding>?> Bindings(SortedDictionary<string, IReadOnlyList<PortBinding>?>? asked)
    {
        var result = new SortedDictionary<string, IReadOnlyList<PortBinding>?>(StringComparer.Ordinal);
        foreach (var (port, bindings) in asked ?? [])
            result[PortNames.Normalise(port)] = bindings is { Count: > 0 } ? bindings : [new PortBinding()];
        return result;
    }
}
