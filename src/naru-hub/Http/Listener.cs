using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Naru.Base;
using Naru.HubServer.Configuration;
using Naru.HubServer.Transport;

namespace Naru.HubServer.Http;

/// <summary>Opens what the server listens on.</summary>
internal static class Listener
{
    private const string Default = "127.0.0.1:5000";

    /// <exception cref="NaruException">InvalidArgument: an address or a certificate is wrong.</exception>
    public static void Add(KestrelServerOptions kestrel, ServeFlags flags, Patience patience)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = null;

        // Bodies are timed where they are read (RequestBody) and sent (SocketWriter); these are for what the server reads and writes itself, and for HTTP/2's streams.
        kestrel.Limits.RequestHeadersTimeout = patience.Time;
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(Patience.Rate, patience.Time);
        kestrel.Limits.MinResponseDataRate = new MinDataRate(Patience.Rate, patience.Time);
        var certificate = Certificate(flags);
        foreach (var address in flags.Listen.Values.Count > 0 ? flags.Listen.Values : [Default])
        {
            kestrel.Listen(Parse(address), listen =>
            {
                if (certificate is null)
                    listen.Protocols = HttpProtocols.Http1;
                else
                    listen.UseHttps(https => https.ServerCertificateSelector = (_, _) => certificate.Current());
            });
        }
    }

    private static ServerCertificate? Certificate(ServeFlags flags) => (flags.TlsCertificate.Value, flags.TlsKey.Value) switch
    {
        ("", "") => null,
        ("", _) => throw NaruException.Invalid("--tls-key needs --tls-cert"),
        (_, "") => throw NaruException.Invalid("--tls-cert needs --tls-key"),
        var (chain, key) => new ServerCertificate(chain, key),
    };

    private static IPEndPoint Parse(string address)
    {
        var colon = address.LastIndexOf(':');
        var host = colon < 0 ? "" : address[..colon];
        if (colon >= 0 && ushort.TryParse(address.AsSpan(colon + 1), out var port))
        {
            if (host is "")
                return new IPEndPoint(IPAddress.IPv6Any, port);
            if (host == "localhost")
                return new IPEndPoint(IPAddress.Loopback, port);
            if (IPAddress.TryParse(host.Trim('[', ']'), out var ip))
                return new IPEndPoint(ip, port);
        }

        throw NaruException.Invalid($"invalid address to listen on: \"{address}\": it must be IP:PORT, as 127.0.0.1:5000 or [::1]:5000");
    }
}
