using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Naru.Api;
using Naru.Base;
using Naru.Base.Units;
using Naru.Build;
using Naru.Daemon.Http;
using Naru.Engine;
using Naru.Engine.Containerd;
using Naru.Engine.Containers;

namespace Naru.Daemon.Api;

/// <summary>/_ping, /version, /info, /events, /system/df, and the swarm that this engine is not.</summary>
internal sealed class SystemEndpoints(EngineHost engine, Builder builder)
{
    private const string NoSwarm = "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to connect this node to swarm and try again.";

    private static string Architecture => RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "amd64";

    private async Task DiskUsage(ApiCall call)
    {
        var report = await engine.DiskUsage.Measure([.. call.Context.Request.Query["type"].OfType<string>()], call.Cancel);
        if (report.BuildCache is not null)
            report = report with { BuildCache = BuildEndpoints.Records(await builder.Usage(call.Cancel)) };
        await call.Json(report, ApiJson.Default.DiskUsageReport);
    }

    public void Map(Router router)
    {
        router.Map("GET", "/_ping", Ping);
        router.Map("HEAD", "/_ping", Ping);
        router.Map("GET", "/version", Version);
        router.Map("GET", "/info", Info);
        router.Map("GET", "/events", Events);
        router.Map("GET", "/system/df", DiskUsage);
        foreach (var path in (string[])["/swarm", "/nodes", "/services", "/tasks", "/secrets", "/configs", "/nodes/{id}", "/services/{id}", "/tasks/{id}", "/secrets/{id}", "/configs/{id}"])
            router.Map("GET", path, _ => throw new NaruException(ErrorKind.Unavailable, NoSwarm));
    }

    private static async Task Ping(ApiCall call)
    {
        var headers = call.Context.Response.Headers;
        headers["Builder-Version"] = "2";
        headers["Swarm"] = "inactive";
        headers.CacheControl = "no-cache, no-store, must-revalidate";
        headers.Pragma = "no-cache";
        if (call.Context.Request.Method == "HEAD")
        {
            call.Context.Response.ContentType = "text/plain; charset=utf-8";
            call.Context.Response.ContentLength = 0;
            return;
        }

        await call.Text("OK");
    }

    private static Task Version(ApiCall call)
    {
        var kernel = File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
        return call.Json(new VersionResponse
        {
            Platform = new VersionPlatform { Name = "Naru" },
            Version = EngineOptions.EngineVersion,
            ApiVersion = EngineOptions.ApiVersion,
            MinAPIVersion = EngineOptions.MinimumApiVersion,
            GitCommit = "",
            GoVersion = "",
            Os = "linux",
            Arch = Architecture,
            KernelVersion = kernel,
            BuildTime = "",
            Components =
            [
                new VersionComponent
                {
                    Name = "Engine", Version = EngineOptions.EngineVersion,
                    Details = new SortedDictionary<string, string>(StringComparer.Ordinal)
                    {
                        ["ApiVersion"] = EngineOptions.ApiVersion, ["MinAPIVersion"] = EngineOptions.MinimumApiVersion, ["Arch"] = Architecture, ["Os"] = "linux",
                        ["KernelVersion"] = kernel, ["GitCommit"] = "", ["GoVersion"] = "", ["BuildTime"] = "", ["Experimental"] = "false",
                    },
                },
            ],
        }, ApiJson.Default.VersionResponse);
    }

    private async Task Info(ApiCall call)
    {
        var states = engine.Store.All.Select(container => container.State).ToList();
        var release = File.Exists("/etc/os-release") ? File.ReadAllLines("/etc/os-release") : [];
        string Release(string name) => release.FirstOrDefault(line => line.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..].Trim('"') ?? "";
        var memory = File.ReadLines("/proc/meminfo").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        var runtimes = new SortedDictionary<string, EmptyObject>(StringComparer.Ordinal) { ["naru"] = new(), ["runc"] = new(), ["io.containerd.naru.v2"] = new(), ["io.containerd.runc.v2"] = new() };
        foreach (var name in engine.Options.Runtimes.Keys)
            runtimes[name] = new EmptyObject();
        List<string> security = ["name=seccomp,profile=builtin"];
        if (ContainerLifecycle.Unified)
            security.Add("name=cgroupns");
        await call.Json(new SystemInfo
        {
            ID = engine.Id,
            Containers = states.Count,
            ContainersRunning = states.Count(state => state is ContainerState.Running { Paused: false }),
            ContainersPaused = states.Count(state => state is ContainerState.Running { Paused: true }),
            ContainersStopped = states.Count(state => state is not ContainerState.Running),
            Images = (await engine.Images.All(call.Cancel)).Count,
            DriverStatus = [["driver-type", "io.containerd.snapshotter.v1"]],
            Debug = engine.Options.Debug,
            OomKillDisable = !ContainerLifecycle.Unified,
            SystemTime = GoTime.Nano(DateTimeOffset.UtcNow),
            CgroupVersion = ContainerLifecycle.Unified ? "2" : "1",
            KernelVersion = File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
            OperatingSystem = Release("PRETTY_NAME"),
            OSVersion = Release("VERSION_ID"),
            Architecture = Architecture == "arm64" ? "aarch64" : "x86_64",
            NCPU = Environment.ProcessorCount,
            MemTotal = long.Parse(memory, CultureInfo.InvariantCulture) * 1024,
            DockerRootDir = engine.Paths.DataRoot,
            Name = Environment.MachineName,
            ServerVersion = EngineOptions.EngineVersion,
            Runtimes = runtimes,
            DefaultRuntime = engine.Options.DefaultRuntime,
            LoggingDriver = engine.Options.LogDriver,
            SecurityOptions = security,
            Plugins = new PluginsInfo { Network = ["bridge", "host", "null"], Log = ["json-file", "none"] },
            RegistryConfig = engine.Registries.Config,
            Containerd = new ContainerdInfo { Address = engine.Paths.ContainerdSocket, Namespaces = new ContainerdNamespaces { Containers = ContainerdClient.Namespace } },
            HttpProxy = Environment.GetEnvironmentVariable("HTTP_PROXY") ?? "",
            HttpsProxy = Environment.GetEnvironmentVariable("HTTPS_PROXY") ?? "",
            NoProxy = Environment.GetEnvironmentVariable("NO_PROXY") ?? "",
            NFd = engine.Options.Debug ? Directory.GetFileSystemEntries("/proc/self/fd").Length : 0,
            NGoroutines = engine.Options.Debug ? ThreadPool.ThreadCount : 0,
        }, ApiJson.Default.SystemInfo);
    }

    private async Task Events(ApiCall call)
    {
        var filters = Filters.Parse(call.Query("filters"));
        long? Time(string name) => ContainerStreamEndpoints.Time(call.Query(name)) is { } time ? (time - DateTime.UnixEpoch).Ticks * 100 : null;
        call.Context.Response.ContentType = "application/json";
        await call.Context.Response.StartAsync(call.Cancel);
        await call.Context.Response.Body.FlushAsync(call.Cancel);
        await foreach (var message in engine.Events.Listen(Time("since"), Time("until"), filters, call.Cancel))
        {
            await call.Context.Response.Body.WriteAsync((byte[])[.. JsonSerializer.SerializeToUtf8Bytes(message, ApiJson.Default.EventMessage), (byte)'\n'], call.Cancel);
            await call.Context.Response.Body.FlushAsync(call.Cancel);
        }
    }
}
