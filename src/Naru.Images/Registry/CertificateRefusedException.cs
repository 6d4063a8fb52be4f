using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Naru.Images;

/// <summary>A server showed a certificate that is not to be trusted; the message is Go's reason for it.</summary>
internal sealed class CertificateRefusedException(X509Chain? chain, SslPolicyErrors errors) : AuthenticationException(Reason(chain, errors))
{
    private static string Reason(X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
            return "x509: no certificate was shown";
        if (chain?.ChainStatus.Any(status => status.Status == X509ChainStatusFlags.NotTimeValid) == true)
            return "x509: certificate has expired or is not yet valid";
        return errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) && !errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors)
            ? "x509: certificate is not valid for this name" : "x509: certificate signed by unknown authority";
    }
}
