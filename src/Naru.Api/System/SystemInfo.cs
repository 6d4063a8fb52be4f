namespace Naru.Api;

/// <summary>GET /info: what this engine has to say.</summary>
public sealed record SystemInfo
{
    public string ID { get; init; } = "";
    public int Containers { get; init; }
    public int ContainersRunning { get; init; }
    public int ContainersPaused { get; init; }
    public int ContainersStopped { get; init; }
    public int Images { get; init; }
    public string Driver { get; init; } = "overlayfs";
    public IReadOnlyList<IReadOnlyList<string>> DriverStatus { get; init; } = [];
    public bool MemoryLimit { get; init; } = true;
    public bool SwapLimit { get; init; } = true;
    public bool CpuCfsPeriod { get; init; } = true;
    public bool CpuCfsQuota { get; init; } = true;
    public bool CPUShares { get; init; } = true;
    public bool CPUSet { get; init; } = true;
    public bool PidsLimit { get; init; } = true;
    public bool IPv4Forwarding { get; init; } = true;
    public bool Debug { get; init; }
    public bool OomKillDisable { get; init; }
    public string SystemTime { get; init; } = "";
    public string LoggingDriver { get; init; } = "json-file";
    public string CgroupDriver { get; init; } = "cgroupfs";
    public string CgroupVersion { get; init; } = "";
    public string KernelVersion { get; init; } = "";
    public string OperatingSystem { get; init; } = "";
    public string OSVersion { get; init; } = "";
    public string OSType { get; init; } = "linux";
    public string Architecture { get; init; } = "";
    public int NCPU { get; init; }
    public long MemTotal { get; init; }
    public string DockerRootDir { get; init; } = "";
    public string Name { get; init; } = "";
    public IReadOnlyList<string> Labels { get; init; } = [];
    public bool ExperimentalBuild { get; init; }
    public string ServerVersion { get; init; } = "";
    public SortedDictionary<string, EmptyObject> Runtimes { get; init; } = [];
    public string DefaultRuntime { get; init; } = "";
    public bool LiveRestoreEnabled { get; init; } = true;
    public IReadOnlyList<string> SecurityOptions { get; init; } = [];
    public IReadOnlyList<string>? Warnings { get; init; }
    public string IndexServerAddress { get; init; } = "https://index.docker.io/v1/";
    public PluginsInfo Plugins { get; init; } = new();
    public RegistryServiceConfig RegistryConfig { get; init; } = new();
    public SwarmInfo Swarm { get; init; } = new();
    public ContainerdInfo? Containerd { get; init; }
    public CommitInfo ContainerdCommit { get; init; } = new();
    public CommitInfo RuncCommit { get; init; } = new();
    public CommitInfo InitCommit { get; init; } = new();
    public string InitBinary { get; init; } = "";
    public string Isolation { get; init; } = "";
    public string HttpProxy { get; init; } = "";
    public string HttpsProxy { get; init; } = "";
    public string NoProxy { get; init; } = "";
    public int NEventsListener { get; init; }
    public int NFd { get; init; }
    public int NGoroutines { get; init; }
}
