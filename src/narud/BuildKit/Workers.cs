using Naru.Engine;
using Naru.Oci;
using Naru.Rpc.BuildKit;

namespace Naru.Daemon.BuildKit;

/// <summary>The engine as BuildKit's one worker.</summary>
internal static class Workers
{
    public static BuildkitVersion Version { get; } = new() { Package = "naru", Version = "v" + EngineOptions.EngineVersion };

    public static WorkerRecord Record(EngineHost engine)
    {
        var record = new WorkerRecord { ID = engine.Id, BuildkitVersion = Version };
        // By this label clients know an engine whose images are containerd's: several platforms in one, archives and pushes straight from a build.
        record.Labels["org.mobyproject.buildkit.worker.snapshotter"] = "overlayfs";
        // What `host-gateway` stands for in a host that is added.
        if (engine.Networks.Gateway is { } gateway)
            record.Labels["org.mobyproject.buildkit.worker.moby.host-gateway-ip"] = gateway;
        Add(record, Platform.Host);
        foreach (var platform in EmulatedPlatforms())
            Add(record, platform);
        return record;
    }

    /// <summary>What the kernel hands to an emulator (binfmt_misc), as qemu's packages name their entries.</summary>
    private static List<Platform> EmulatedPlatforms()
    {
        var platforms = new List<Platform>();
        if (Platform.Host.Architecture == "amd64")
            platforms.Add(new Platform { Os = "linux", Architecture = "386" });
        const string Folder = "/proc/sys/fs/binfmt_misc";
        foreach (var (entry, name) in (ReadOnlySpan<(string, string)>)[("aarch64", "arm64"), ("arm", "arm/v7"), ("ppc64le", "ppc64le"), ("riscv64", "riscv64"), ("s390x", "s390x"), ("x86_64", "amd64")])
        {
            if (File.Exists($"{Folder}/qemu-{entry}"))
                platforms.Add(Platform.Parse($"linux/{name}"));
        }

        return platforms;
    }

    private static void Add(WorkerRecord record, Platform platform) =>
        record.Platforms.Add(new Rpc.Llb.Platform { OS = platform.Os, Architecture = platform.Architecture, Variant = platform.Variant ?? "" });
}
