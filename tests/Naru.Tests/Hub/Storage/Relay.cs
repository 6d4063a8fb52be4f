using System.Net;
using System.Net.Sockets;

namespace Naru.Tests.Hub.Storage;

/// <summary>A way to a server on this machine that can be cut.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> open = [];
    private readonly Task accepting;
    private readonly int port;
    private bool cut;

    public Relay(int port)
    {
        this.port = port;
        listener.Start();
        accepting = Accept();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    /// <summary>While true, what is open breaks and what comes is closed at once.</summary>
    public bool Cut
    {
        get => cut;
        set
        {
            lock (open)
            {
                cut = value;
                foreach (var client in cut ? open : [])
                    client.Close();
                open.Clear();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        Cut = true;
        await accepting;
    }

    private async Task Accept()
    {
        while (true)
        {
            TcpClient client;
            try
            {
                client = await listener.AcceptTcpClientAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            _ = Carry(client);
        }
    }

    private async Task Carry(TcpClient client)
    {
        using var far = new TcpClient();
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, port);
            lock (open)
            {
                if (cut)
                {
                    client.Close();
                    return;
                }

                open.Add(client);
                open.Add(far);
            }

            await Task.WhenAny(client.GetStream().CopyToAsync(far.GetStream()), far.GetStream().CopyToAsync(client.GetStream()));
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The other side sees it.
        }
        finally
        {
            client.Close();
        }
    }
}
