using System.Globalization;
using Naru.Api;
using Naru.Base;
using Naru.Base.Units;
using Naru.Engine.Health;
using Naru.Engine.Logs;
using Naru.Engine.Security;

namespace Naru.Engine.Containers;

/// <summary>What a create may ask for, and what it gets when it does not say.</summary>
public static class CreateValidation
{
    private const long DefaultShm = 64 * 1024 * 1024;

    /// <summary>Nulls that other clients send become Docker's empty values; the image's defaults are merged in.</summary>
    public static ContainerConfig Merge(ContainerConfig config, Naru.Oci.ContainerDefaults? image, string id, bool usesHostName = false)
    {
        var environment = Specs.SpecBuilder.Over(config.Env, image?.Env);
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
            Hostname = !string.IsNullOrEmpty(config.Hostname) ? config.Hostname : usesHostName ? Environment.MachineName : id[..12],
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
            Healthcheck = HealthConfigs.Merge(config.Healthcheck, Health(image)),
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
            MaskedPaths = host.MaskedPaths ?? (host.Privileged ? null : Specs.SpecBuilder.MaskedPaths),
            ReadonlyPaths = host.ReadonlyPaths ?? (host.Privileged ? null : Specs.SpecBuilder.ReadonlyPaths),
            SecurityOpt = host.Privileged && host.SecurityOpt is null ? ["label=disable"] : host.SecurityOpt,
        };
    }

    private static HealthConfig? Health(Naru.Oci.ContainerDefaults? image) => image?.Healthcheck is not { } health ? null : new HealthConfig
    {
        Test = health.Test,
        Interval = health.Interval,
        Timeout = health.Timeout,
        StartPeriod = health.StartPeriod,
        StartInterval = health.StartInterval,
        Retries = health.Retries,
    };

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
        HealthConfigs.Check(config.Healthcheck);
        CheckModes(host);
        CapabilityNames.Normalise(host.CapAdd, "CapAdd");
        CapabilityNames.Normalise(host.CapDrop, "CapDrop");
        CheckRestart(host);
        LogOptions.Check(host.LogConfig);
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
        if (host.UsernsMode is not ("" or "host"))
            throw NaruException.Invalid($"invalid user namespace mode: {host.UsernsMode}");
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
    }

    public static void CheckRestart(HostConfig host)
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

    private static void CheckSecurity(HostConfig host)
    {
        foreach (var option in host.SecurityOpt ?? [])
        {
            var name = option.Split('=', ':')[0];
            if (option is "no-new-privileges")
                continue;
            if (name is not ("seccomp" or "apparmor" or "label" or "no-new-privileges" or "systempaths") || option.Length <= name.Length + 1)
                throw NaruException.Invalid($"invalid --security-opt {(option.IndexOfAny(['=', ':']) < 0 ? 1 : 2)}: \"{option}\"");
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
