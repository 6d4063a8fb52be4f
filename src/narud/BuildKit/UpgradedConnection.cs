using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Naru.Base;
using Naru.Daemon.Http;

namespace Naru.Daemon.BuildKit;

/// <summary>A connection that a request asked to have as HTTP/2 without TLS (h2c): answered with 101, its pipes are the caller's.</summary>
internal static class UpgradedConnection
{
    private static readonly byte[] Answer = Encoding.ASCII.GetBytes("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");

    /// <exception cref="NaruException">InvalidArgument: no upgrade was asked for, or another.</exception>
    public static async Task<IDuplexPipe> Take(ApiCall call)
    {
        var upgrade = call.Context.Request.Headers.Upgrade.ToString();
        if (upgrade.Length == 0)
            throw NaruException.Invalid("no upgrade requested");
        if (upgrade != "h2c")
            throw NaruException.Invalid($"protocol {upgrade} not supported");
        call.Context.Features.Get<TakenConnection>()!.Taken = true;
        var transport = call.Context.Features.Get<IConnectionTransportFeature>()!.Transport;
        await transport.Output.WriteAsync(Answer, call.Cancel);
        return transport;
    }
}
