using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Naru.Tests.Hub.Webhooks;

/// <summary>Whom web hooks tell: keeps every request and answers as the test wants.</summary>
internal sealed class Receiver : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Func<int, string> answer;

    /// <param name="answer">The status line's rest and more headers, by the number of the request from 0 on.</param>
    public Receiver(Func<int, string>? answer = null)
    {
        this.answer = answer ?? (_ => "200 OK");
        listener.Start();
        _ = Serve();
    }

    public ConcurrentQueue<string> Requests { get; } = new();

    public string Url => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/hook";

    /// <summary>Waits until there are so many requests.</summary>
    public async Task<string[]> Got(int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (Requests.Count < count)
            await Task.Delay(10, limit.Token);
        return [.. Requests];
    }

    public void Dispose() => listener.Stop();

    private async Task Serve()
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync();
                await using var stream = client.GetStream();
                Requests.Enqueue(await Read(stream));
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {answer(Requests.Count - 1)}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
        {
        }
    }

    private static async Task<string> Read(NetworkStream stream)
    {
        var bytes = new List<byte>();
        var buffer = new byte[4096];
        while (true)
        {
            var text = Encoding.UTF8.GetString([.. bytes]);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            var length = text.IndexOf("Content-Length: ", StringComparison.Ordinal);
            if (end > 0 && length > 0 && bytes.Count >= end + 4 + int.Parse(text.AsSpan(length + 16, text.IndexOf('\r', length) - length - 16)))
                return text;
            var count = await stream.ReadAsync(buffer);
            if (count == 0)
                return text;
            bytes.AddRange(buffer.AsSpan(0, count));
        }
    }
}
