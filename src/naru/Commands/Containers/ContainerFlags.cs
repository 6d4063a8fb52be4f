namespace Naru.Cli.Commands.Containers;

/// <summary>The flags that `run` and `create` share: what they are called and how they read. What they mean is <see cref="ContainerOptions"/>'.</summary>
internal sealed class ContainerFlags
{
    public ContainerFlags(FlagSet flags)
    {
        Set = flags;
        flags.Interspersed = false;
        flags.Bool("help", null, "Print usage");
        AddHost = flags.List("add-host", null, "Add a custom host-to-IP mapping (host:ip)", OptionValues.ExtraHost);
        Annotations = flags.List("annotation", null, "Add an annotation to the container (passed through to the OCI runtime)", type: "map", defaultText: "map[]");
        Attach = flags.List("attach", 'a', "Attach to STDIN, STDOUT or STDERR", OptionValues.Attach);
        BlkioWeight = flags.Unsigned("blkio-weight", null, "Block IO (relative weight), between 10 and 1000, or 0 to disable (default 0)", 16, "uint16");
        BlkioWeightDevice = flags.List("blkio-weight-device", null, "Block IO weight (relative device weight)", OptionValues.WeightDevice, defaultText: "[]");
        CapAdd = flags.List("cap-add", null, "Add Linux capabilities");
        CapDrop = flags.List("cap-drop", null, "Drop Linux capabilities");
        CgroupParent = flags.String("cgroup-parent", null, "Optional parent cgroup for the container");
        CgroupNamespace = flags.String("cgroupns", null, "Cgroup namespace to use (host|private)\n'host':    Run the container in the Docker host's cgroup namespace\n'private': Run the container in its own private cgroup namespace\n'':        Use the cgroup namespace as configured by the\n           default-cgroupns-mode option on the daemon (default)");
        CidFile = flags.String("cidfile", null, "Write the container ID to the file");
        CpuCount = flags.Int("cpu-count", null, "CPU count (Windows only)", hidden: true);
        CpuPercent = flags.Int("cpu-percent", null, "CPU percent (Windows only)", hidden: true);
        CpuPeriod = flags.Int("cpu-period", null, "Limit CPU CFS (Completely Fair Scheduler) period");
        CpuQuota = flags.Int("cpu-quota", null, "Limit CPU CFS (Completely Fair Scheduler) quota");
        CpuRealtimePeriod = flags.Int("cpu-rt-period", null, "Limit CPU real-time period in microseconds");
        CpuRealtimeRuntime = flags.Int("cpu-rt-runtime", null, "Limit CPU real-time runtime in microseconds");
        CpuShares = flags.Int("cpu-shares", 'c', "CPU shares (relative weight)");
        Cpus = flags.Add(new ValueFlag<long>("cpus", null, "Number of CPUs", "decimal", 0, OptionValues.NanoCpus));
        CpusetCpus = flags.String("cpuset-cpus", null, "CPUs in which to allow execution (0-3, 0,1)");
        CpusetMems = flags.String("cpuset-mems", null, "MEMs in which to allow execution (0-3, 0,1)");
        Devices = flags.List("device", null, "Add a host device to the container");
        DeviceCgroupRules = flags.List("device-cgroup-rule", null, "Add a rule to the cgroup allowed devices list", OptionValues.DeviceCgroupRule);
        DeviceReadBps = flags.List("device-read-bps", null, "Limit read rate (bytes per second) from a device", OptionValues.ThrottleBytes, defaultText: "[]");
        DeviceReadIops = flags.List("device-read-iops", null, "Limit read rate (IO per second) from a device", OptionValues.ThrottleCount, defaultText: "[]");
        DeviceWriteBps = flags.List("device-write-bps", null, "Limit write rate (bytes per second) to a device", OptionValues.ThrottleBytes, defaultText: "[]");
        DeviceWriteIops = flags.List("device-write-iops", null, "Limit write rate (IO per second) to a device", OptionValues.ThrottleCount, defaultText: "[]");
        Untrusted = Config.ContentTrust.Flag(flags);
        Dns = flags.List("dns", null, "Set custom DNS servers", OptionValues.Address);
        DnsOption = flags.List("dns-option", null, "Set DNS options");
        flags.Add(DnsOption.Renamed("dns-opt"));
        DnsSearch = flags.List("dns-search", null, "Set custom DNS search domains", OptionValues.DnsSearch);
        DomainName = flags.String("domainname", null, "Container NIS domain name");
        Entrypoint = flags.String("entrypoint", null, "Overwrite the default ENTRYPOINT of the image");
        Env = flags.List("env", 'e', "Set environment variables", OptionValues.Environment);
        EnvFile = flags.List("env-file", null, "Read in a file of environment variables");
        Expose = flags.List("expose", null, "Expose a port or a range of ports");
        Gpus = flags.List("gpus", null, "GPU devices to add to the container ('all' to pass all GPUs)", OptionValues.Gpu, "gpu-request");
        GroupAdd = flags.List("group-add", null, "Add additional groups to join");
        HealthCommand = flags.String("health-cmd", null, "Command to run to check health");
        HealthInterval = flags.Duration("health-interval", null, "Time between running the check (ms|s|m|h) (default 0s)");
        HealthRetries = flags.Int("health-retries", null, "Consecutive failures needed to report unhealthy");
        HealthStartInterval = flags.Duration("health-start-interval", null, "Time between running the check during the start period (ms|s|m|h) (default 0s)");
        HealthStartPeriod = flags.Duration("health-start-period", null, "Start period for the container to initialize before starting health-retries countdown (ms|s|m|h) (default 0s)");
        HealthTimeout = flags.Duration("health-timeout", null, "Maximum time to allow one check to run (ms|s|m|h) (default 0s)");
        Hostname = flags.String("hostname", 'h', "Container host name");
        Init = flags.Bool("init", null, "Run an init inside the container that forwards signals and reaps processes");
        Interactive = flags.Bool("interactive", 'i', "Keep STDIN open even if not attached");
        IoMaximumBandwidth = flags.Bytes("io-maxbandwidth", null, "Maximum IO bandwidth limit for the system drive (Windows only)", hidden: true);
        IoMaximumIops = flags.Unsigned("io-maxiops", null, "Maximum IOps limit for the system drive (Windows only)", 64, hidden: true);
        IPv4 = flags.String("ip", null, "IPv4 address (e.g., 172.30.100.104)");
        IPv6 = flags.String("ip6", null, "IPv6 address (e.g., 2001:db8::33)");
        Ipc = flags.String("ipc", null, "IPC mode to use");
        Isolation = flags.String("isolation", null, "Container isolation technology");
        KernelMemory = flags.Bytes("kernel-memory", null, "Kernel memory limit");
        Labels = flags.List("label", 'l', "Set meta data on a container", OptionValues.Label);
        LabelFile = flags.List("label-file", null, "Read in a line delimited file of labels");
        Links = flags.List("link", null, "Add link to another container", OptionValues.Link);
        LinkLocal = flags.List("link-local-ip", null, "Container IPv4/IPv6 link-local addresses");
        LogDriver = flags.String("log-driver", null, "Logging driver for the container");
        LogOptions = flags.List("log-opt", null, "Log driver options");
        MacAddress = flags.String("mac-address", null, "Container MAC address (e.g., 92:d0:c6:0a:29:33)");
        Memory = flags.Bytes("memory", 'm', "Memory limit");
        MemoryReservation = flags.Bytes("memory-reservation", null, "Memory soft limit");
        MemorySwap = flags.Bytes("memory-swap", null, "Swap limit equal to memory plus swap: '-1' to enable unlimited swap", minusOne: true);
        MemorySwappiness = flags.Int("memory-swappiness", null, "Tune container memory swappiness (0 to 100)", -1);
        Mounts = flags.List("mount", null, "Attach a filesystem mount to the container", MountText.Validate, "mount");
        Name = flags.String("name", null, "Assign a name to the container");
        Networks = flags.List("network", null, "Connect a container to a network", NetworkText.Validate, "network");
        flags.Add(Networks.Renamed("net"));
        NetworkAliases = flags.List("network-alias", null, "Add network-scoped alias for the container");
        flags.Add(NetworkAliases.Renamed("net-alias"));
        NoHealthcheck = flags.Bool("no-healthcheck", null, "Disable any container-specified HEALTHCHECK");
        OomKillDisable = flags.Bool("oom-kill-disable", null, "Disable OOM Killer");
        OomScoreAdjust = flags.Int("oom-score-adj", null, "Tune host's OOM preferences (-1000 to 1000)");
        Pid = flags.String("pid", null, "PID namespace to use");
        PidsLimit = flags.Int("pids-limit", null, "Tune container pids limit (set -1 for unlimited)");
        var platform = Environment.GetEnvironmentVariable("DOCKER_DEFAULT_PLATFORM") ?? "";
        Platform = flags.String("platform", null, "Set platform if server is multi-platform capable", platform);
        Privileged = flags.Bool("privileged", null, "Give extended privileges to this container");
        Publish = flags.List("publish", 'p', "Publish a container's port(s) to the host");
        PublishAll = flags.Bool("publish-all", 'P', "Publish all exposed ports to random ports");
        Quiet = flags.Bool("quiet", 'q', "Suppress the pull output");
        ReadOnly = flags.Bool("read-only", null, "Mount the container's root filesystem as read only");
        Restart = flags.String("restart", null, "Restart policy to apply when a container exits", "no");
        Remove = flags.Bool("rm", null, "Automatically remove the container and its associated anonymous volumes when it exits");
        Runtime = flags.String("runtime", null, "Runtime to use for this container");
        SecurityOptions = flags.List("security-opt", null, "Security Options");
        ShmSize = flags.Bytes("shm-size", null, "Size of /dev/shm");
        StopSignal = flags.String("stop-signal", null, "Signal to stop the container");
        StopTimeout = flags.Int("stop-timeout", null, "Timeout (in seconds) to stop a container");
        StorageOptions = flags.List("storage-opt", null, "Storage driver options for the container");
        Sysctls = flags.List("sysctl", null, "Sysctl options", OptionValues.Sysctl, "map", defaultText: "map[]");
        Tmpfs = flags.List("tmpfs", null, "Mount a tmpfs directory");
        Tty = flags.Bool("tty", 't', "Allocate a pseudo-TTY");
        Ulimits = flags.List("ulimit", null, "Ulimit options", UlimitText.Validate, "ulimit", defaultText: "[]");
        ApiSocket = flags.Bool("use-api-socket", null, "Bind mount Docker API socket and required auth");
        User = flags.String("user", 'u', "Username or UID (format: <name|uid>[:<group|gid>])");
        UserNamespace = flags.String("userns", null, "User namespace to use");
        Uts = flags.String("uts", null, "UTS namespace to use");
        Volumes = flags.List("volume", 'v', "Bind mount a volume");
        VolumeDriver = flags.String("volume-driver", null, "Optional volume driver for the container");
        VolumesFrom = flags.List("volumes-from", null, "Mount volumes from the specified container(s)");
        WorkingDirectory = flags.String("workdir", 'w', "Working directory inside the container");
    }

    public FlagSet Set { get; }

    public ListFlag AddHost { get; }

    public ListFlag Annotations { get; }

    public ListFlag Attach { get; }

    public ListFlag BlkioWeightDevice { get; }

    public ListFlag CapAdd { get; }

    public ListFlag CapDrop { get; }

    public ListFlag Devices { get; }

    public ListFlag DeviceCgroupRules { get; }

    public ListFlag DeviceReadBps { get; }

    public ListFlag DeviceReadIops { get; }

    public ListFlag DeviceWriteBps { get; }

    public ListFlag DeviceWriteIops { get; }

    public ListFlag Dns { get; }

    public ListFlag DnsOption { get; }

    public ListFlag DnsSearch { get; }

    public ListFlag Env { get; }

    public ListFlag EnvFile { get; }

    public ListFlag Expose { get; }

    public ListFlag Gpus { get; }

    public ListFlag GroupAdd { get; }

    public ListFlag Labels { get; }

    public ListFlag LabelFile { get; }

    public ListFlag Links { get; }

    public ListFlag LinkLocal { get; }

    public ListFlag LogOptions { get; }

    public ListFlag Mounts { get; }

    public ListFlag Networks { get; }

    public ListFlag NetworkAliases { get; }

    public ListFlag Publish { get; }

    public ListFlag SecurityOptions { get; }

    public ListFlag StorageOptions { get; }

    public ListFlag Sysctls { get; }

    public ListFlag Tmpfs { get; }

    public ListFlag Ulimits { get; }

    public ListFlag Volumes { get; }

    public ListFlag VolumesFrom { get; }

    public ValueFlag<string> CgroupParent { get; }

    public ValueFlag<string> CgroupNamespace { get; }

    public ValueFlag<string> CidFile { get; }

    public ValueFlag<string> CpusetCpus { get; }

    public ValueFlag<string> CpusetMems { get; }

    public ValueFlag<string> DomainName { get; }

    public ValueFlag<string> Entrypoint { get; }

    public ValueFlag<string> HealthCommand { get; }

    public ValueFlag<string> Hostname { get; }

    public ValueFlag<string> IPv4 { get; }

    public ValueFlag<string> IPv6 { get; }

    public ValueFlag<string> Ipc { get; }

    public ValueFlag<string> Isolation { get; }

    public ValueFlag<string> LogDriver { get; }

    public ValueFlag<string> MacAddress { get; }

    public ValueFlag<string> Name { get; }

    public ValueFlag<string> Pid { get; }

    public ValueFlag<string> Platform { get; }

    public ValueFlag<string> Restart { get; }

    public ValueFlag<string> Runtime { get; }

    public ValueFlag<string> StopSignal { get; }

    public ValueFlag<string> User { get; }

    public ValueFlag<string> UserNamespace { get; }

    public ValueFlag<string> Uts { get; }

    public ValueFlag<string> VolumeDriver { get; }

    public ValueFlag<string> WorkingDirectory { get; }

    public ValueFlag<long> CpuCount { get; }

    public ValueFlag<long> CpuPercent { get; }

    public ValueFlag<long> CpuPeriod { get; }

    public ValueFlag<long> CpuQuota { get; }

    public ValueFlag<long> CpuRealtimePeriod { get; }

    public ValueFlag<long> CpuRealtimeRuntime { get; }

    public ValueFlag<long> CpuShares { get; }

    public ValueFlag<long> Cpus { get; }

    public ValueFlag<long> HealthInterval { get; }

    public ValueFlag<long> HealthRetries { get; }

    public ValueFlag<long> HealthStartInterval { get; }

    public ValueFlag<long> HealthStartPeriod { get; }

    public ValueFlag<long> HealthTimeout { get; }

    public ValueFlag<long> IoMaximumBandwidth { get; }

    public ValueFlag<long> KernelMemory { get; }

    public ValueFlag<long> Memory { get; }

    public ValueFlag<long> MemoryReservation { get; }

    public ValueFlag<long> MemorySwap { get; }

    public ValueFlag<long> MemorySwappiness { get; }

    public ValueFlag<long> OomScoreAdjust { get; }

    public ValueFlag<long> PidsLimit { get; }

    public ValueFlag<long> ShmSize { get; }

    public ValueFlag<long> StopTimeout { get; }

    public ValueFlag<ulong> BlkioWeight { get; }

    public ValueFlag<ulong> IoMaximumIops { get; }

    public ValueFlag<bool> ApiSocket { get; }

    public ValueFlag<bool> Init { get; }

    public ValueFlag<bool> Interactive { get; }

    public ValueFlag<bool> NoHealthcheck { get; }

    public ValueFlag<bool> OomKillDisable { get; }

    public ValueFlag<bool> Privileged { get; }

    public ValueFlag<bool> PublishAll { get; }

    public ValueFlag<bool> Quiet { get; }

    public ValueFlag<bool> ReadOnly { get; }

    public ValueFlag<bool> Remove { get; }

    public ValueFlag<bool> Tty { get; }

    public ValueFlag<bool> Untrusted { get; }
}
