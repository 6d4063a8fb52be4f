using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Naru.Base;
using Naru.Daemon.Configuration;
using Naru.Linux;

namespace Naru.Daemon.Http;

/// <summary>Opens what the API listens on.</summary>
internal static class Listener
{
    /// <summary>Tells Kestrel every address; it opens them when the server starts.</summary>
    /// <exception cref="NaruException">A folder or a certificate is missing, or no socket was handed over.</exception>
    public static void Add(KestrelServerOptions kestrel, Settings settings)
    {
        foreach (var host in settings.Hosts)
        {
            switch (host)
            {
                case ListenAddress.Unix(var path):
                    Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                    File.Delete(path);
                    kestrel.ListenUnixSocket(path, Plain);
                    break;
                case ListenAddress.Tcp(var address, var port):
                    var end = new IPEndPoint(address, port != 0 ? port : settings.Tls is null ? 2375 : 2376);
                    if (settings.Tls is null)
                        Log.Warn($"{host.Text}: binding to an IP address without --tlsverify is insecure and gives root access on this machine to everyone who has access to your network");
                    kestrel.Listen(end, settings.Tls is { } tls ? listen => Encrypted(listen, tls) : Plain);
                    break;
                case ListenAddress.Handed:
                    foreach (var descriptor in HandedSockets.Take())
                        kestrel.ListenHandle((ulong)descriptor, Plain);
                    break;
            }
        }
    }

    /// <summary>Once the sockets are there: 0660, and the group's. One that systemd made is as its unit says.</summary>
    /// <exception cref="NaruException">The group that was asked for does not exist.</exception>
    public static void Protect(Settings settings)
    {
        foreach (var path in settings.Hosts.OfType<ListenAddress.Unix>().Select(host => host.Path))
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
            if (GroupId(settings.Group) is { } group)
            {
                using var socket = Files.Open(path, Naru.Linux.OpenFlags.PathOnly);
                Files.ChangeOwner(socket, 0, group);
            }
            else if (settings.GroupAsked)
            {
                throw NaruException.NotFound($"group {settings.Group} not found");
            }
        }
    }

    private static void Plain(ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http1;
        listen.Use(TakenConnection.Watch);
    }

    private static void Encrypted(ListenOptions listen, TlsSettings tls)
    {
        var https = new HttpsConnectionAdapterOptions
        {
            ServerCertificate = Load("certificate", tls.Certificate, path => X509Certificate2.CreateFromPemFile(path, tls.Key)),
            ClientCertificateMode = tls.Verify ? ClientCertificateMode.RequireCertificate : ClientCertificateMode.NoCertificate,
        };
        if (tls.Verify)
        {
            var authorities = Load("CA certificate", tls.CertificateAuthority, path =>
            {
                var all = new X509Certificate2Collection();
                all.ImportFromPemFile(path);
                return all.Count > 0 ? all : throw new System.Security.Cryptography.CryptographicException("no certificate in it");
            });
            https.ClientCertificateValidation = (certificate, _, errors) => (errors & SslPolicyErrors.RemoteCertificateNotAvailable) == 0 && Trusted(certificate, authorities);
        }

        listen.UseHttps(https);
        Plain(listen);
    }

    /// <summary>Whether the chain ends at one of our authorities, and the certificate is one for clients.</summary>
    private static bool Trusted(X509Certificate2 certificate, X509Certificate2Collection authorities)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid("1.3.6.1.5.5.7.3.2"));
        return chain.Build(certificate);
    }

    private static T Load<T>(string what, string path, Func<string, T> read)
    {
        try
        {
            return read(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            throw NaruException.Invalid($"invalid TLS configuration: could not read {what} \"{path}\": {e.Message}");
        }
    }

    private static uint? GroupId(string name)
    {
        if (uint.TryParse(name, out var number))
            return number;
        var line = File.Exists("/etc/group") ? File.ReadLines("/etc/group").Select(line => line.Split(':')).FirstOrDefault(parts => parts.Length > 2 && parts[0] == name) : null;
        return line is not null && uint.TryParse(line[2], out number) ? number : null;
    }
}
