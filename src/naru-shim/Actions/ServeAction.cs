using Naru.Shim.Tasks;
using Naru.Shim.Transport;

namespace Naru.Shim.Actions;

/// <summary>No action: the shim itself. One thread, one loop: calls, exits, output, events.</summary>
internal static class ServeAction
{
    /// <summary>Where start leaves the listening socket.</summary>
    private const int Listener = 3;

    public static int Run(ShimArguments arguments)
    {
        ShimLog.Verbose = arguments.Debug;
        ShimLog.Open(arguments.Bundle);
        Children.Adopt();
        using var loop = new EventLoop();
        using var children = new Children(loop);
        using var listener = new Descriptor(Listener);
        var events = new EventPublisher(loop, Environment.GetEnvironmentVariable("TTRPC_ADDRESS") ?? arguments.Address + ".ttrpc", arguments.Namespace);
        var service = new TaskService(loop, children, events, arguments);
        var server = new LoopServer(loop, listener, service.AnswerAsync);
        service.Shutdown = () => _ = EndAsync(loop, events, server, arguments);
        ShimLog.Debug($"serving {arguments.Socket} for {arguments.Namespace}/{arguments.Id}");
        loop.Run();
        return 0;
    }

    // The socket goes first, so that nobody finds a shim that is leaving; the last events get five seconds.
    private static async Task EndAsync(EventLoop loop, EventPublisher events, LoopServer server, ShimArguments arguments)
    {
        File.Delete(StartAction.SocketPath(arguments));
        await events.DrainAsync(TimeSpan.FromSeconds(5));
        await server.DrainAsync(TimeSpan.FromSeconds(1));
        loop.Stop();
    }
}
