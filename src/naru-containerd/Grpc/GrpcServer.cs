using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Naru.ContainerdDaemon;

/// <summary>Kestrel alone, HTTP/2 on a unix socket: no host, no middleware, no configuration, so that an idle daemon stays small.</summary>
internal sealed class GrpcServer : IHttpApplication<HttpContext>, IDisposable
{
    private readonly KestrelServer server;
    private readonly GrpcRouter router;

    public GrpcServer(string socket, GrpcRouter router)
    {
        this.router = router;
        var options = new KestrelServerOptions { ApplicationServices = new NoServices(), AddServerHeader = false };
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        // Not infinite: Kestrel counts that in nanoseconds, which overflow, and each beat of its heart then ends the connections that wait for their first call.
        options.Limits.KeepAliveTimeout = TimeSpan.FromDays(365);
        options.Limits.Http2.MaxStreamsPerConnection = 100_000;
        options.ListenUnixSocket(socket, listen => listen.Protocols = HttpProtocols.Http2);

        // Frames are taken apart on the thread that read them; each call then runs on one of the pool: one hand-over less for each.
        var transport = new SocketTransportFactory(Microsoft.Extensions.Options.Options.Create(new SocketTransportOptions { IOQueueCount = 1, UnsafePreferInlineScheduling = true }), NullLoggerFactory.Instance);
        server = new KestrelServer(Microsoft.Extensions.Options.Options.Create(options), transport, NullLoggerFactory.Instance);
    }

    public Task Start(CancellationToken cancel) => server.StartAsync(this, cancel);

    public Task Stop(CancellationToken cancel) => server.StopAsync(cancel);

    public HttpContext CreateContext(IFeatureCollection features) => new DefaultHttpContext(features);

    public Task ProcessRequestAsync(HttpContext context) => router.Handle(context);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    public void Dispose() => server.Dispose();

    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
