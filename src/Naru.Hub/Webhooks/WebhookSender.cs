using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Naru.Base;

namespace Naru.Hub.Webhooks;

/// <summary>Sends one delivery. Whose servers these are is the users' choice, so nothing of this machine or its network is reached, and nothing is followed.</summary>
internal sealed class WebhookSender : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly bool privateAllowed;
    private readonly HttpClient client;

    /// <param name="privateAllowed">Also to this machine and to private networks.</param>
    public WebhookSender(bool privateAllowed)
    {
        this.privateAllowed = privateAllowed;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,

            // A proxy would do the looking-up, and connect to whatever comes of it.
            UseProxy = false,
            ConnectCallback = Connect,
            MaxResponseHeadersLength = 16,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(15),
        };
        client = new HttpClient(handler) { Timeout = Patience };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("naru-hub");
    }

    /// <summary>The signature of a body: <c>sha256=</c> and the hex of its HMAC.</summary>
    public static string Sign(string secret, ReadOnlySpan<byte> body) => "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    /// <summary>Posts it; the status of the answer.</summary>
    /// <exception cref="NaruException">Unavailable: there is no answer, with the reason.</exception>
    public async ValueTask<int> Send(PendingDelivery delivery, CancellationToken cancel)
    {
        var body = Encoding.UTF8.GetBytes(delivery.Body);
        using var request = new HttpRequestMessage(HttpMethod.Post, delivery.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("X-Naru-Event", delivery.Event);
        request.Headers.Add("X-Naru-Delivery", delivery.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        request.Headers.Add("X-Naru-Signature-256", Sign(delivery.Secret, body));
        try
        {
            // The body of the answer is nobody's business: it is not read.
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            return (int)response.StatusCode;
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new NaruException(ErrorKind.Unavailable, $"no answer in {Patience.TotalSeconds} seconds", e);
        }
        catch (HttpRequestException e)
        {
            throw new NaruException(ErrorKind.Unavailable, (e.InnerException ?? e).Message, e);
        }
    }

    public void Dispose() => client.Dispose();

    /// <summary>Connects to an address that was checked, so that a name cannot stand for another between the check and the use.</summary>
    private async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var host = context.DnsEndPoint.Host;
        var addresses = await Dns.GetHostAddressesAsync(host, cancel);
        if (!privateAllowed)
        {
            foreach (var address in addresses)
            {
                if (!PublicAddress.Is(address))
                    throw new IOException($"{host} is an address of this machine or of a private network");
            }
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
