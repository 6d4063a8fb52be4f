using System.Globalization;
using Naru.Base;
using Naru.Hub.Registry;
using Naru.Images;

namespace Naru.Hub.Mirrors;

/// <summary>One registry whose images are pulled through this one, below its <see cref="Folder"/>: <c>docker.io/library/busybox</c>.</summary>
/// <param name="Name">What its clients call it, and containerd in <c>?ns=</c>: <c>docker.io</c>, <c>registry.local:5000</c>.</param>
/// <param name="Upstream">Where it is: <c>https://host[:port]</c>; with <c>http</c>, plain http is allowed.</param>
public sealed record MirrorSettings(string Name, Uri Upstream)
{
    /// <summary>What the upstream is shown; null for nothing.</summary>
    public RegistryCredentials? Credentials { get; init; }

    /// <summary>Whether those may pull who did not sign in.</summary>
    public bool Public { get; init; } = true;

    /// <summary>The first component of its repositories' names here: a colon is in no repository's name, and two underscores (or a dot) are in no account's.</summary>
    public string Folder => Name.Replace(":", "__", StringComparison.Ordinal);

    /// <summary>Reads <c>NAME=UPSTREAM</c>; an upstream without a scheme is https.</summary>
    /// <exception cref="NaruException">InvalidArgument, with what it should be.</exception>
    public static MirrorSettings Parse(string text)
    {
        var equals = text.IndexOf('=');
        if (equals <= 0)
            throw NaruException.Invalid($"invalid mirror \"{text}\": it must be NAME=UPSTREAM, as docker.io=https://registry-1.docker.io");
        var name = text[..equals];
        if (!IsHost(name))
            throw NaruException.Invalid($"invalid mirror name \"{name}\": it must be a host in lower case, with a dot or a port, as docker.io or registry.local:5000");
        var address = text[(equals + 1)..];
        if (!Uri.TryCreate(address.Contains("://", StringComparison.Ordinal) ? address : "https://" + address, UriKind.Absolute, out var upstream)
            || upstream.Scheme is not ("https" or "http") || upstream.Host.Length == 0)
            throw NaruException.Invalid($"invalid upstream \"{address}\" of mirror {name}: it must be https://HOST[:PORT]");
        if (upstream.UserInfo.Length > 0)
            throw NaruException.Invalid($"the upstream of mirror {name} has a password in its address, which every user of this machine can see: use --mirror-auth");
        return upstream.PathAndQuery is "/" or "" ? new MirrorSettings(name, upstream)
            : throw NaruException.Invalid($"the upstream of mirror {name} has a path: a registry's API is at its root");
    }

    /// <summary>What the grammar of references takes for a host.</summary>
    private static bool IsHost(string name)
    {
        var colon = name.IndexOf(':');
        var host = colon < 0 ? name : name[..colon];
        return Names.IsName(host) && !host.Contains('/') && !host.Contains('_')
            && (colon < 0 ? host.Contains('.') : ushort.TryParse(name.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0);
    }
}
