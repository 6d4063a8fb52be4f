using Naru.Base;
using Naru.Base.Flags;
using Naru.Hub.Accounts;

namespace Naru.HubServer.Configuration;

/// <summary>How the registry is known to its clients, and how much each of them may have.</summary>
internal sealed class AccountFlags
{
    private readonly ValueFlag<string> externalUrl;
    private readonly ListFlag trustedProxies;
    private readonly ValueFlag<long> pullLimit;
    private readonly ValueFlag<long> pullLimitUser;
    private readonly ValueFlag<long> quota;
    private readonly ValueFlag<long> openUploads;

    public AccountFlags(FlagSet all)
    {
        externalUrl = all.String("external-url", null, "Address that clients know this registry by, as https://hub.example.com; without it, what each request says", type: "url");
        trustedProxies = all.List("trusted-proxy", null, "Address or network of a proxy whose X-Forwarded-For, -Proto and -Host are believed; several may be given", type: "network");
        pullLimit = all.Int("pull-limit", null, "Manifests that an address may fetch in 6 hours without signing in (0 is any number)");
        pullLimitUser = all.Int("pull-limit-user", null, "Manifests that an account may fetch in 6 hours (0 is any number)");
        quota = all.Bytes("quota", null, "Most that an account's repositories may hold, where it has no quota of its own (0 is any amount)");
        openUploads = all.Int("open-uploads", null, "Most uploads that an account may have open", 1000);
    }

    public IReadOnlyList<string> TrustedProxies => trustedProxies.Values;

    /// <exception cref="NaruException">InvalidArgument.</exception>
    public AccountOptions Options(bool open) => new()
    {
        Open = open,
        PullsOfNobody = Limit(pullLimit),
        PullsOfUser = Limit(pullLimitUser),
        Quota = quota,
        OpenUploads = Limit(openUploads),
    };

    /// <summary>Null where the registry has no address of its own.</summary>
    /// <exception cref="NaruException">InvalidArgument.</exception>
    public Uri? External()
    {
        if (externalUrl.Value.Length == 0)
            return null;
        return Uri.TryCreate(externalUrl, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.PathAndQuery == "/"
            ? address
            : throw NaruException.Invalid($"invalid --external-url \"{externalUrl.Value}\": it must be https://HOST or http://HOST, without a path");
    }

    private static int Limit(ValueFlag<long> flag) =>
        flag.Value is >= 0 and <= int.MaxValue ? (int)flag.Value : throw NaruException.Invalid($"invalid --{flag.Name} {flag.Value}: it must be from 0 to {int.MaxValue}");
}
