using Naru.Base;
using Naru.Hub.Registry;
using Naru.Images;

namespace Naru.Hub.Mirrors;

/// <summary>One registry whose images are pulled through this one, below its name: <c>docker.io/library/busybox</c>.</summary>
/// <param name="Name">The first component of its repositories' names here, and what containerd calls it in <c>?ns=</c>. It has a dot, so that it is no account's.</param>
/// <param name="Upstream">Where it is: <c>https://host[:port]</c>; with <c>http</c>, plain http is allowed.</param>
public sealed record MirrorSettings(string Name, Uri Upstream)
{
    /// <summary>What the upstream is shown; null for nothing.</summary>
    public RegistryCredentials? Credentials { get; init; }

    /// <summary>Whether those may pull who did not sign in.</summary>
    public bool Public { get; init; } = true;

    /// <summary>Reads <c>NAME=UPSTREAM</c>; an upstream without a scheme is https.</summary>
    /// <exception cref="NaruException">InvalidArgument, with what it should be.</exception>
    public static MirrorSettings Parse(string text)
    {
        var equals = text.IndexOf('=');
        if (equals <= 0)
            throw NaruException.Invalid($"invalid mirror \"{text}\": it must be NAME=UPSTREAM, as docker.io=https://registry-1.docker.io");
        var name = text[..equals];
        if (!Names.IsName(name) || name.Contains('/') || !name.Contains('.'))
            throw NaruException.Invalid($"invalid mirror name \"{name}\": it must be a host's name in lower case, with a dot and no port, as docker.io");
        var address = text[(equals + 1)..];
        if (!Uri.TryCreate(address.Contains("://", StringComparison.Ordinal) ? address : "https://" + address, UriKind.Absolute, out var upstream)
            || upstream.Scheme is not ("https" or "http") || upstream.Host.Length == 0)
            throw NaruException.Invalid($"invalid upstream \"{address}\" of mirror {name}: it must be https://HOST[:PORT]");
        if (upstream.UserInfo.Length > 0)
            throw NaruException.Invalid($"the upstream of mirror {name} has a password in its address, which every user of this machine can see: use --mirror-auth");
        return upstream.PathAndQuery is "/" or "" ? new MirrorSettings(name, upstream)
            : throw NaruException.Invalid($"the upstream of mirror {name} has a path: a registry's API is at its root");
    }
}
