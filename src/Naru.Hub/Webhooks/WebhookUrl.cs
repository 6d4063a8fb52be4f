using System.Net;
using Naru.Base;

namespace Naru.Hub.Webhooks;

/// <summary>Which addresses a web hook may have.</summary>
internal static class WebhookUrl
{
    private const int Longest = 2000;

    /// <exception cref="NaruException">InvalidArgument, with what it must be.</exception>
    public static Uri Check(string text, bool privateAllowed)
    {
        if (text.Length > Longest || !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http") || url.Host.Length == 0)
            throw new RefusedException(Refusal.HookAddress, ErrorKind.InvalidArgument, $"a web hook's address must be a URL of http or https with at most {Longest} characters", $"{Longest}");
        if (url.UserInfo.Length > 0)
            throw new RefusedException(Refusal.HookPassword, ErrorKind.InvalidArgument, "a web hook's address must hold no password: the receiver knows the sender by the signature");

        // A name is checked when it is used: what it stands for can change.
        if (!privateAllowed && (url.IsLoopback || (IPAddress.TryParse(url.DnsSafeHost, out var address) && !PublicAddress.Is(address))))
            throw new RefusedException(Refusal.HookPrivate, ErrorKind.InvalidArgument, $"{url.Host} is an address of this machine or of a private network", url.Host);
        return url;
    }
}
