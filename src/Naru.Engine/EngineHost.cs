using System.Diagnostics;
using Naru.Base;
using Naru.Engine.Containerd;
using Naru.Engine.Containers;
using Naru.Engine.Events;
using Naru.Engine.Execs;
using Naru.Engine.Health;
using Naru.Engine.Images;
using Naru.Engine.Logs;
using Naru.Engine.Networks;
using Naru.Engine.Registries;
using Naru.Engine.Rootfs;
using Naru.Engine.Stats;
using Naru.Engine.Volumes;
using Naru.Linux.Spawning;

namespace Naru.Engine;

/// <summary>The engine whole: every room, wired by hand. Made once by narud.</summary>
public sealed class EngineHost : IDisposable
{
    public EngineHost(EngineOptions options)
    {
        Options = options;
        LogOptions.Check(LogDefaults.Apply(null, options)!.LogConfig);
        Paths = new EnginePaths(options);
        Paths.Make();
        Id = EngineId.ReadOrMake(Paths);
        Containerd = new ContainerdClient(Paths.ContainerdSocket);
        Store = new ContainerStore(Paths);
        Networks = new NetworkService(Paths, options.Network);
        NetworkList = new NetworkList(Networks, Store);
        Volumes = new VolumeStore(Paths, Store, Events);
        Registries = new RegistryAccess(options);
        Registries.Prepare();
        Images = new ImageStore(Containerd, Events);
        ImageWriter = new ImageWriter(Containerd, Images, Paths);
        ImageListing = new ImageListing(Images, Store);
        ImageViews = new ImageViews(Images);
        ImageRemover = new ImageRemover(Containerd, Images, Store, Events);
        Archives = new ImageArchives(Containerd, ImageWriter, Images, Paths);
        Pulls = new PullService(Containerd, Images, ImageWriter, Registries);
        Pushes = new PushService(Containerd, Images, ImageWriter, Registries);
        Commits = new CommitService(Containerd, Images, ImageWriter, Paths);
        DiskUsage = new DiskUsageService(Containerd, Images, ImageListing, Store, Volumes);
        var tasks = new ContainerTasks(options, Paths, Containerd, Store, Networks, Volumes);
        Lifecycle = new ContainerLifecycle(Containerd, tasks, Events);
        Recovery = new ContainerRecovery(Paths, Containerd, Store, tasks, Lifecycle);
        Updates = new ContainerUpdates(Containerd, Lifecycle);
        Files = new ContainerFiles(Paths, Containerd);
        Stats = new StatsReader(Containerd);
        Containers = new ContainerService(options, Paths, Containerd, Store, Lifecycle, Images, Volumes);
        Execs = new ExecService(Paths, Containerd, Store, Lifecycle);
        Views = new ContainerViews(Paths, Execs);
        var health = new HealthMonitor(Execs, (container, status) => Lifecycle.Publish(container, status));
        Lifecycle.Started = health.Watch;
        Lifecycle.AutoRemove = Containers.Leave;
    }

    /// <summary>A UUID that stays.</summary>
    public string Id { get; }

    public EngineOptions Options { get; }

    public EnginePaths Paths { get; }

    public EventBus Events { get; } = new();

    public ContainerdClient Containerd { get; }

    public ContainerStore Store { get; }

    public NetworkService Networks { get; }

    public NetworkList NetworkList { get; }

    public VolumeStore Volumes { get; }

    public ImageStore Images { get; }

    public ImageWriter ImageWriter { get; }

    public ImageListing ImageListing { get; }

    public ImageViews ImageViews { get; }

    public ImageRemover ImageRemover { get; }

    public PullService Pulls { get; }

    public PushService Pushes { get; }

    public CommitService Commits { get; }

    public DiskUsageService DiskUsage { get; }

    public RegistryAccess Registries { get; }

    public ImageArchives Archives { get; }

    public ContainerLifecycle Lifecycle { get; }

    public ContainerRecovery Recovery { get; }

    public ContainerService Containers { get; }

    public ContainerUpdates Updates { get; }

    public ContainerFiles Files { get; }

    public StatsReader Stats { get; }

    public ExecService Execs { get; }

    public ContainerViews Views { get; }

    /// <summary>Finds or starts containerd, then the containers of the last time.</summary>
    public async Task Start(CancellationToken cancel)
    {
        Store.Load();
        await Connect(cancel);
        try
        {
            Networks.Open(Store.All.Where(container => container.State is ContainerState.Running));
        }
        catch (Exception e) when (e is NaruException or IOException or DllNotFoundException)
        {
            Log.Error($"bridge network: {e.Message}");
        }

        await Recovery.Run(cancel);
        await Archives.Sweep(cancel);
        _ = Supervise(cancel);
    }

    public void Dispose()
    {
        Containers.Settled().Wait(TimeSpan.FromSeconds(10));
        Networks.Dispose();
        Containerd.Dispose();
    }

    private async Task Connect(CancellationToken cancel)
    {
        var started = Stopwatch.StartNew();
        var launched = false;
        while (true)
        {
            try
            {
                await Containerd.MakeNamespace(cancel);
                return;
            }
            catch (NaruException e) when (e.Kind == ErrorKind.Unavailable && started.Elapsed < TimeSpan.FromSeconds(15))
            {
                if (!launched && Options.Containerd is null)
                    Launch();
                launched = true;
                await Task.Delay(20, cancel);
            }
        }
    }

    /// <summary>Our own naru-containerd, in a session of its own: it outlives us.</summary>
    private void Launch()
    {
        var program = Path.Combine(Path.GetDirectoryName(Environment.ProcessPath) ?? "", "naru-containerd");
        Directory.CreateDirectory(Paths.ContainerdState);
        string[] words = ["--root", Paths.ContainerdRoot, "--state", Paths.ContainerdState, "--address", Paths.ContainerdSocket, "--log-level", Options.Debug ? "debug" : "info"];
        List<string> environment = [.. Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().Select(one => $"{one.Key}={one.Value}")];
        // Our own standard descriptors are its own too.
        var pid = Spawner.Start(program, words, environment, [], newSession: true);
        new Thread(() => Children.Wait(pid), 128 * 1024) { IsBackground = true, Name = "containerd" }.Start();
    }

    /// <summary>Hears of what containerd alone sees, and starts it again when it is gone.</summary>
    private async Task Supervise(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await foreach (var envelope in Containerd.Events("topic==\"/tasks/oom\"", cancel))
                {
                    if (envelope.Topic == "/tasks/oom" && Store.Find(Rpc.Events.TaskOOM.Parser.ParseFrom(envelope.Event.Value).ContainerId) is { } container)
                    {
                        container.OutOfMemory = true;
                        Lifecycle.Publish(container, "oom");
                    }
                }
            }
            catch (Exception e) when (e is NaruException or IOException or HttpRequestException)
            {
                Log.Warn($"naru-containerd: {e.Message}");
                await Task.Delay(100, CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            try
            {
                await Connect(cancel);
            }
            catch (NaruException e)
            {
                Log.Error($"naru-containerd does not come up: {e.Message}");
                await Task.Delay(1000, cancel);
            }
        }
    }
}
