using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Naru.Tests.Build.Sources;

/// <summary>An HTTP server of a few lines, so that a test can answer wrongly and break off where it wants.</summary>
public sealed class SmallServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Task serving;

    /// <param name="answer">Given a request's headers, the raw answer; the connection ends after it.</param>
    public SmallServer(Func<string, byte[]> answer)
    {
        listener.Start();
        serving = Serve(answer);
    }

    /// <summary>All requests' headers so far.</summary>
    public List<string> Requests { get; } = [];

    public string Url => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    public static byte[] Answer(string head, string body, int? length = null) =>
        Encoding.UTF8.GetBytes($"HTTP/1.1 {head}\r\nContent-Length: {length ?? body.Length}\r\nConnection: close\r\n\r\n{body}");

    public void Dispose()
    {
        listener.Stop();
        serving.Wait();
    }

    private async Task Serve(Func<string, byte[]> answer)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync();
                await using var stream = client.GetStream();
                var request = new StringBuilder();
                var buffer = new byte[4096];
                while (!request.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
                {
                    var count = await stream.ReadAsync(buffer);
                    if (count == 0)
                        break;
                    request.Append(Encoding.ASCII.GetString(buffer, 0, count));
                }

                Requests.Add(request.ToString());
                await stream.WriteAsync(answer(request.ToString()));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException or InvalidOperationException)
        {
        }
    }
}
