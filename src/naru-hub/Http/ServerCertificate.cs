using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Naru.Base;

namespace Naru.HubServer.Http;

/// <summary>The server's certificate, read again when its file changes, so that a renewed one is served without a restart.</summary>
internal sealed class ServerCertificate
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);

    private readonly string chainPath;
    private readonly string keyPath;
    private readonly Lock gate = new();
    private X509Certificate2 current;
    private DateTime changed;
    private long looked;

    /// <exception cref="NaruException">InvalidArgument: a file is missing, or they do not belong together.</exception>
    public ServerCertificate(string chainPath, string keyPath)
    {
        this.chainPath = Path.GetFullPath(chainPath);
        this.keyPath = Path.GetFullPath(keyPath);
        changed = Changed();
        current = Load();
        looked = Environment.TickCount64;
    }

    /// <summary>The certificate as it is on the disk now, or was lately. Files that are wrong are told in the log; what was read before stays.</summary>
    public X509Certificate2 Current()
    {
        lock (gate)
        {
            if (Environment.TickCount64 - looked < Between.TotalMilliseconds)
                return current;
            looked = Environment.TickCount64;
            try
            {
                if (Changed() is var now && now != changed)
                {
                    current = Load();
                    changed = now;
                    Log.Info($"certificate {chainPath} read again: valid until {current.NotAfter.ToUniversalTime():yyyy-MM-dd}");
                }
            }
            catch (NaruException e)
            {
                Log.Error(e.Message);
            }

            return current;
        }
    }

    private DateTime Changed()
    {
        var chain = File.GetLastWriteTimeUtc(chainPath);
        var key = File.GetLastWriteTimeUtc(keyPath);
        return chain > key ? chain : key;
    }

    private X509Certificate2 Load()
    {
        try
        {
            // Through PKCS #12: a key that was read from PEM alone is not one that TLS can use everywhere.
            using var read = X509Certificate2.CreateFromPemFile(chainPath, keyPath);
            return X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new NaruException(ErrorKind.InvalidArgument, $"could not read certificate {chainPath} with key {keyPath}: {e.Message}", e);
        }
    }
}
