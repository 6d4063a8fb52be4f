using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Naru.Base;

namespace Naru.Images;

/// <summary>Certificates kept for one registry, in Docker's layout: <c>FOLDER/HOST[:PORT]/</c> with *.crt (authorities), *.cert and *.key (one's own).</summary>
internal static class RegistryCertificates
{
    /// <summary>The registry's folder, null when there is none.</summary>
    public static string? Find(string? folder, string authority) =>
        folder is not null && !authority.Contains('/') && Path.Combine(folder, authority) is var own && Directory.Exists(own) ? own : null;

    /// <summary>TLS as the folder asks for it: its authorities are trusted besides the system's.</summary>
    /// <exception cref="NaruException">InvalidArgument: a file is not what its name says, or a key is missing.</exception>
    public static SslClientAuthenticationOptions Load(string folder)
    {
        var authorities = new X509Certificate2Collection();
        var own = new X509CertificateCollection();
        try
        {
            foreach (var file in Directory.GetFiles(folder, "*.crt").Order(StringComparer.Ordinal))
                authorities.ImportFromPemFile(file);
            foreach (var file in Directory.GetFiles(folder, "*.cert").Order(StringComparer.Ordinal))
            {
                var key = Path.ChangeExtension(file, ".key");
                if (!File.Exists(key))
                    throw NaruException.Invalid($"missing key {Path.GetFileName(key)} for client certificate {Path.GetFileName(file)}. CA certificates must use the extension .crt");
                own.Add(X509Certificate2.CreateFromPemFile(file, key));
            }
        }
        catch (CryptographicException e)
        {
            throw new NaruException(ErrorKind.InvalidArgument, $"{folder}: {e.Message}", e);
        }

        return new SslClientAuthenticationOptions
        {
            ClientCertificates = own,
            RemoteCertificateValidationCallback = (_, certificate, _, errors) => errors switch
            {
                SslPolicyErrors.None => true,
                SslPolicyErrors.RemoteCertificateChainErrors => certificate is X509Certificate2 leaf && IsSigned(leaf, authorities),
                _ => false,
            },
        };
    }

    private static bool IsSigned(X509Certificate2 leaf, X509Certificate2Collection authorities)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(leaf);
    }
}
