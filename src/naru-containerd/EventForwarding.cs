using System.Net.Sockets;
using Google.Protobuf.WellKnownTypes;
using Naru.Rpc.EventService;
using Naru.Rpc.Ttrpc;

namespace Naru.ContainerdDaemon;

/// <summary>The ttrpc socket beside the gRPC one, where shims forward their events.</summary>
internal static class EventForwarding
{
    private const int Backlog = 128;

    /// <summary>Listens when it returns; the task ends when <paramref name="stop"/> falls.</summary>
    public static Task Serve(string path, EventsService events, CancellationToken stop)
    {
        File.Delete(path);
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        listener.Listen(Backlog);
        var server = new TtrpcServer();
        server.Handle("containerd.services.events.ttrpc.v1.Events", "Forward", ForwardRequest.Parser, (_, request) =>
        {
            events.Forward(request);
            return Task.FromResult<Google.Protobuf.IMessage>(new Empty());
        });
        return Run(server, listener, stop);
    }

    private static async Task Run(TtrpcServer server, Socket listener, CancellationToken stop)
    {
        using (listener)
            await server.RunAsync(listener, stop);
    }
}
