using System.Globalization;
using Naru.Api;
using Naru.Base;
using Naru.Engine.Containers;
using Naru.Engine.Security;
using OciRuntime = Naru.Oci.Runtime;

namespace Naru.Engine.Specs;

/// <summary>Makes a container's config.json: Docker's default container, and what each option changes in it.</summary>
public static class SpecBuilder
{
    private const string DefaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>What a container that is not privileged sees empty, unless it asks otherwise; in Docker's order.</summary>
    public static readonly IReadOnlyList<string> MaskedPaths =
    [
        "/proc/asound", "/proc/acpi", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats",
        "/proc/sched_debug", "/proc/scsi", "/sys/firmware", "/sys/devices/virtual/powercap",
    ];

    public static readonly IReadOnlyList<string> ReadonlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

    public static OciRuntime.Spec Build(SpecInput input)
    {
        var record = input.Record;
        var host = record.HostConfig;
        var capabilities = CapabilityNames.Resolve(host.CapAdd, host.CapDrop, host.Privileged);
        return new OciRuntime.Spec
        {
            OciVersion = "1.2.0",
            Root = new OciRuntime.Root { Path = "rootfs", Readonly = host.ReadonlyRootfs },
            Hostname = host.UTSMode == "host" ? null : record.Config.Hostname,
            Domainname = record.Config.Domainname.Length > 0 ? record.Config.Domainname : null,
            Process = Process(input, capabilities),
            Mounts = MountList.Build(input),
            Annotations = host.Annotations,
            Linux = new OciRuntime.LinuxSpec
            {
                Sysctl = Sysctls(input),
                Resources = ResourceLimits.Build(host, input.UnifiedCgroups),
                CgroupsPath = CgroupPath(record),
                Namespaces = Namespaces(input),
                Devices = ResourceLimits.Devices(host),
                Seccomp = SeccompFor(host, capabilities),
                MaskedPaths = host.Privileged ? null : host.MaskedPaths,
                ReadonlyPaths = host.Privileged ? null : host.ReadonlyPaths,
                RootfsPropagation = RootPropagation(record),
            },
        };
    }

    /// <summary>Below each hierarchy's root.</summary>
    public static string CgroupPath(ContainerRecord record) =>
        (record.HostConfig.CgroupParent.Length > 0 ? "/" + record.HostConfig.CgroupParent.Trim('/') : "/naru") + "/" + record.Id;

    /// <summary>The process of <c>exec</c>: the container's, with what the request changes.</summary>
    public static OciRuntime.Process Exec(OciRuntime.Process container, HostConfig host, ExecCreateRequest request, OciRuntime.User user, bool appArmor)
    {
        var capabilities = request.Privileged ? CapabilityNames.Available : CapabilityNames.Resolve(host.CapAdd, host.CapDrop, host.Privileged);
        return container with
        {
            Args = request.Cmd,
            Terminal = request.Tty,
            ConsoleSize = request is { Tty: true, ConsoleSize: [var height, var width] } && height > 0 ? new OciRuntime.ConsoleSize { Height = height, Width = width } : null,
            User = user,
            Cwd = request.WorkingDir.Length > 0 ? request.WorkingDir : container.Cwd,
            Env = MergeEnvironment(WithTerm(container.Env ?? [], request.Tty), request.Env),
            Capabilities = CapabilitySets(capabilities),
            ApparmorProfile = request.Privileged && appArmor ? "unconfined" : container.ApparmorProfile,
        };
    }

    /// <summary>Later settings win; a name without <c>=</c> takes its variable away.</summary>
    public static IReadOnlyList<string> MergeEnvironment(IReadOnlyList<string> lower, IReadOnlyList<string>? upper)
    {
        List<string> result = [.. lower];
        foreach (var one in upper ?? [])
        {
            var name = NameOf(one);
            var at = result.FindIndex(other => other == name || other.StartsWith(name + "=", StringComparison.Ordinal));
            if (!one.Contains('='))
            {
                if (at >= 0)
                    result.RemoveAt(at);
            }
            else if (at >= 0)
            {
                result[at] = one;
            }
            else
            {
                result.Add(one);
            }
        }

        return result;
    }

    /// <summary>What was asked for, then what the image sets besides.</summary>
    public static IReadOnlyList<string> Over(IReadOnlyList<string>? asked, IReadOnlyList<string>? image)
    {
        var names = (asked ?? []).Select(NameOf).ToHashSet();
        return [.. asked ?? [], .. (image ?? []).Where(one => !names.Contains(NameOf(one)))];
    }

    private static string NameOf(string variable) => variable.Split('=', 2)[0];

    public static bool NoNewPrivileges(HostConfig host) =>
        host.SecurityOpt?.Any(option => option is "no-new-privileges" or "no-new-privileges=true" or "no-new-privileges:true") ?? false;

    private static OciRuntime.Process Process(SpecInput input, IReadOnlyList<string> capabilities)
    {
        var config = input.Record.Config;
        var host = input.Record.HostConfig;
        List<string> environment = [DefaultPath, "HOSTNAME=" + config.Hostname];
        if (config.Tty)
            environment.Add("TERM=xterm");
        return new OciRuntime.Process
        {
            Terminal = config.Tty,
            ConsoleSize = config.Tty && host.ConsoleSize is [var height, var width] && height > 0 && width > 0 ? new OciRuntime.ConsoleSize { Height = height, Width = width } : null,
            User = input.User,
            Args = input.InitProgram is null ? input.Record.CommandLine : [InitProgram.Target, "--", .. input.Record.CommandLine],
            Env = MergeEnvironment(environment, config.Env),
            Cwd = config.WorkingDir.Length > 0 ? config.WorkingDir : "/",
            Capabilities = CapabilitySets(capabilities),
            Rlimits = host.Ulimits is { Count: > 0 } ulimits
                ? [.. ulimits.Select(one => new OciRuntime.Rlimit { Type = "RLIMIT_" + one.Name.ToUpperInvariant(), Soft = (ulong)one.Soft, Hard = (ulong)one.Hard })]
                : null,
            NoNewPrivileges = NoNewPrivileges(host),
            OomScoreAdj = host.OomScoreAdj,
            ApparmorProfile = AppArmor(input),
        };
    }

    private static string? AppArmor(SpecInput input)
    {
        if (!input.AppArmor)
            return null;
        foreach (var option in input.Record.HostConfig.SecurityOpt ?? [])
        {
            if (option.StartsWith("apparmor=", StringComparison.Ordinal) || option.StartsWith("apparmor:", StringComparison.Ordinal))
                return option[9..];
        }

        return input.Record.HostConfig.Privileged ? "unconfined" : null;
    }

    private static IReadOnlyList<string> WithTerm(IReadOnlyList<string> environment, bool terminal)
    {
        var without = environment.Where(one => !one.StartsWith("TERM=", StringComparison.Ordinal) || terminal);
        return terminal && !environment.Any(one => one.StartsWith("TERM=", StringComparison.Ordinal)) ? [.. without, "TERM=xterm"] : [.. without];
    }

    /// <summary>Inheritable and ambient stay empty (CVE-2022-24769); the runtime's change to another user drops permitted and effective.</summary>
    private static OciRuntime.Capabilities CapabilitySets(IReadOnlyList<string> capabilities) =>
        new() { Bounding = capabilities, Permitted = capabilities, Effective = capabilities };

    private static OciRuntime.Seccomp? SeccompFor(HostConfig host, IReadOnlyList<string> capabilities)
    {
        foreach (var option in host.SecurityOpt ?? [])
        {
            if (!option.StartsWith("seccomp=", StringComparison.Ordinal) && !option.StartsWith("seccomp:", StringComparison.Ordinal))
                continue;
            var value = option[8..];
            return value switch
            {
                "unconfined" => null,
                "builtin" => SeccompProfiles.Default(capabilities),
                _ => SeccompProfiles.Parse(value, capabilities),
            };
        }

        return host.Privileged ? null : SeccompProfiles.Default(capabilities);
    }

    private static IReadOnlyDictionary<string, string>? Sysctls(SpecInput input)
    {
        var host = input.Record.HostConfig;
        var result = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (input.NetworkNamespace != "" && !host.NetworkMode.StartsWith("container:", StringComparison.Ordinal))
        {
            result["net.ipv4.ip_unprivileged_port_start"] = "0";
            result["net.ipv4.ping_group_range"] = "0 2147483647";
        }

        foreach (var (name, value) in host.Sysctls ?? [])
            result[name] = value;
        return result.Count > 0 ? result : null;
    }

    private static IReadOnlyList<OciRuntime.LinuxNamespace> Namespaces(SpecInput input)
    {
        var host = input.Record.HostConfig;
        List<OciRuntime.LinuxNamespace> result = [new() { Type = "mount" }];
        if (input.NetworkNamespace != "")
            result.Add(new OciRuntime.LinuxNamespace { Type = "network", Path = input.NetworkNamespace });
        if (host.UTSMode != "host")
            result.Add(new OciRuntime.LinuxNamespace { Type = "uts" });
        foreach (var (kind, mode) in ((string, string)[])[("pid", host.PidMode), ("ipc", host.IpcMode)])
        {
            if (mode == "host")
                continue;
            result.Add(new OciRuntime.LinuxNamespace { Type = kind, Path = input.Joined.TryGetValue(kind, out var pid) ? $"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/ns/{kind}" : null });
        }

        if (host.CgroupnsMode == "private")
            result.Add(new OciRuntime.LinuxNamespace { Type = "cgroup" });
        return result;
    }

    private static string? RootPropagation(ContainerRecord record)
    {
        var wanted = record.Mounts.Select(mount => mount.Propagation).ToList();
        return wanted.Any(one => one is "shared" or "rshared") ? "shared" : wanted.Any(one => one is "slave" or "rslave") ? "rslave" : null;
    }
}
