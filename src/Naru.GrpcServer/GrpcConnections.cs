using System.IO.Pipelines;
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace Naru.GrpcServer;

/// <summary>gRPC over connections that began as something else: each is handed to a Kestrel that listens nowhere, and speaks HTTP/2 from its first byte.</summary>
/// <remarks>The server begins with the first connection: it costs a timer, which an engine that nobody builds on need not pay for.</remarks>
public sealed class GrpcConnections(GrpcRouter router) : IHttpApplication<HttpContext>, IConnectionListenerFactory, IConnectionListener
{
    private readonly Channel<ConnectionContext> connections = Channel.CreateUnbounded<ConnectionContext>();
    private readonly Lock gate = new();
    private Task? started;

    public EndPoint EndPoint { get; } = new NoAddress();

    /// <summary>Serves one connection until it ends.</summary>
    /// <param name="transport">Both ways; completed at the end.</param>
    public async Task Serve(IDuplexPipe transport, CancellationToken closed)
    {
        Task ready;
        lock (gate)
            ready = started ??= Start();
        await ready;
        // Kestrel disposes it, whichever way it ends.
        var connection = new Connection(transport);
        await using var registration = closed.Register(() => connection.Transport.Input.CancelPendingRead());
        await connections.Writer.WriteAsync(connection, CancellationToken.None);
        await connection.Ended;
    }

    public HttpContext CreateContext(IFeatureCollection features) => new DefaultHttpContext(features);

    public Task ProcessRequestAsync(HttpContext context) => router.Handle(context);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => ValueTask.FromResult<IConnectionListener>(this);

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await connections.Reader.WaitToReadAsync(cancellationToken) && connections.Reader.TryRead(out var connection) ? connection : null;

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        connections.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => UnbindAsync();

    private Task Start()
    {
        var options = new KestrelServerOptions { ApplicationServices = new NoServices(), AddServerHeader = false };
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        // Not infinite: Kestrel counts that in nanoseconds, which overflow, and each beat of its heart then ends the connections that wait for their first call.
        options.Limits.KeepAliveTimeout = TimeSpan.FromDays(365);
        options.Limits.Http2.MaxStreamsPerConnection = 1000;
        options.Listen(EndPoint, listen => listen.Protocols = HttpProtocols.Http2);
        return new KestrelServer(Microsoft.Extensions.Options.Options.Create(options), this, NullLoggerFactory.Instance).StartAsync(this, CancellationToken.None);
    }

    private sealed class NoAddress : EndPoint
    {
        public override string ToString() => "a connection that was taken over";
    }

    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }

    private sealed class Connection : DefaultConnectionContext
    {
        private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Connection(IDuplexPipe transport)
            : base(Guid.NewGuid().ToString("N"), transport, transport)
        {
        }

        public Task Ended => ended.Task;

        public override void Abort(ConnectionAbortedException abortReason)
        {
            Transport.Input.CancelPendingRead();
            base.Abort(abortReason);
        }

        public override async ValueTask DisposeAsync()
        {
            await Transport.Input.CompleteAsync();
            await Transport.Output.CompleteAsync();
            ended.TrySetResult();
        }
    }
}
