using Microsoft.AspNetCore.Connections;

namespace Naru.Daemon.Http;

/// <summary>Marks a connection that was taken over from HTTP: its client may then end its half without Kestrel ending the whole.</summary>
internal sealed class TakenConnection
{
    public bool Taken { get; set; }

    /// <summary>Connection middleware: a client that goes away ends its request, unless the connection was taken.</summary>
    public static ConnectionDelegate Watch(ConnectionDelegate next) => async connection =>
    {
        var mark = new TakenConnection();
        using var closed = new CancellationTokenSource();
        connection.Features.Set(mark);
        await using var registration = connection.ConnectionClosed.Register(() =>
        {
            if (!mark.Taken)
                closed.Cancel();
        });
        connection.ConnectionClosed = closed.Token;
        await next(connection);
    };
}
