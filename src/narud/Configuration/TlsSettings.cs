namespace Naru.Daemon.Configuration;

/// <summary>The certificates of an API that is reached over TCP (PEM files).</summary>
/// <param name="Verify">Clients must show a certificate of <paramref name="CertificateAuthority"/>.</param>
internal sealed record TlsSettings(bool Verify, string CertificateAuthority, string Certificate, string Key);
