using System.Runtime.InteropServices;
using Naru.Base;
using Naru.Containerd;
using Naru.Linux;

namespace Naru.ContainerdDaemon;

/// <summary>The daemon from start to stop: opens the stores, finds the shims that run, serves, and at SIGTERM stops serving. Containers are never touched.</summary>
internal static class Daemon
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan QuietBeforeTrim = TimeSpan.FromSeconds(2);

    public static async Task<int> Run(Options options)
    {
        foreach (var folder in (string[])[options.Root, options.State, Path.GetDirectoryName(options.Address)!])
            Directory.CreateDirectory(folder, Private);
        using var held = FolderLock.TryTake(Path.Combine(options.Root, "lock"))
            ?? throw NaruException.Precondition($"another naru-containerd serves {options.Root}");
        using var stop = new CancellationTokenSource();
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, stop));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, stop));
        using var pipe = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => context.Cancel = true);

        using var database = new Database(Path.Combine(options.Root, "metadata.db"));
        using var memory = new IdleMemory(QuietBeforeTrim, database.Trim);
        using var garbage = new GarbageSchedule();
        var events = new EventExchange();
        var snapshotFolder = Path.Combine(options.Root, "snapshots");
        var content = new ContentStore(database, Path.Combine(options.Root, "content"), snapshotFolder, garbage);
        var snapshots = new OverlaySnapshotter(database, snapshotFolder, content, events, garbage);
        var collector = new GarbageCollector(database, content, snapshots);
        var images = new ImageStore(database, events, garbage);
        var containers = new ContainerStore(database, events, garbage);
        var leases = new LeaseStore(database, garbage);
        leases.DropTransfers();
        collector.CleanAfterCrash();
        garbage.Use(collector.Collect);
        garbage.Changed();

        var router = new GrpcRouter(memory.Touch, stop.Token);
        new VersionService().Map(router);
        new IntrospectionService(options.Root).Map(router);
        new HealthService().Map(router);
        new NamespacesService(new NamespaceStore(database), events).Map(router);
        new ContentService(content, events).Map(router);
        new ImagesService(images, garbage, database.Flush).Map(router);
        new SnapshotsService(snapshots).Map(router);
        new LeasesService(leases, garbage).Map(router);
        new DiffService(new DiffApplier(content), new DiffCreator(content, snapshots)).Map(router);
        var streams = new StreamRegistry();
        new StreamingService(streams).Map(router);
        new TransferService(content, snapshots, images, leases, streams, database.Flush).Map(router);
        new ContainersService(containers, database.Flush).Map(router);
        var eventsService = new EventsService(events);
        eventsService.Map(router);

        var tasks = new TaskManager(options.State, options.Address, events, database.Flush);
        new TasksService(tasks, containers).Map(router);

        // Shims that run forward their events as soon as this socket is there; their tasks are known before the first client is.
        var forwarding = EventForwarding.Serve(options.Address + ".ttrpc", eventsService, stop.Token);
        await tasks.Restore(stop.Token);
        File.Delete(options.Address);
        using var server = new GrpcServer(options.Address, router);
        await server.Start(stop.Token);
        File.SetUnixFileMode(options.Address, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Log.Info($"serving {options.Address}");
        await WaitFor(stop.Token);
        using var limit = new CancellationTokenSource(StopLimit);
        await server.Stop(limit.Token);
        await forwarding;
        snapshots.WaitForRemovals();
        return 0;
    }

    private static void Stop(PosixSignalContext context, CancellationTokenSource stop)
    {
        context.Cancel = true;
        stop.Cancel();
    }

    private static async Task WaitFor(CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = stop.Register(stopped.SetResult);
        await stopped.Task;
    }
}
