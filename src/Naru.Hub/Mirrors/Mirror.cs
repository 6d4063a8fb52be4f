using Naru.Base;
using Naru.Hub.Accounts;
using Naru.Images;
using Naru.Oci;

namespace Naru.Hub.Mirrors;

/// <summary>A registry that is mirrored: how it is talked to, and whether it answered lately.</summary>
public sealed class Mirror : IDisposable
{
    /// <summary>How long an upstream that failed is left alone while there is something here to serve instead.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    private readonly MirrorSettings settings;
    private readonly string domain;
    private long restsUntil;

    public Mirror(MirrorSettings settings)
    {
        this.settings = settings;
        var upstream = settings.Upstream;

        // A host without a dot is a host to the grammar of references only with its port.
        domain = upstream.IsDefaultPort && upstream.Host.Contains('.') ? upstream.Host : $"{upstream.Host}:{upstream.Port}";
        Client = new RegistryClient(new RegistryOptions
        {
            UserAgent = "naru-hub (linux)",
            Credentials = (_, _) => new ValueTask<RegistryCredentials?>(settings.Credentials),
            InsecureRegistries = upstream.Scheme == "http" ? [domain] : [],
            Attempts = 3,
            IdleTimeout = TimeSpan.FromSeconds(30),
        });
    }

    public string Name => settings.Name;

    /// <summary><inheritdoc cref="MirrorSettings.Folder"/></summary>
    public string Folder => settings.Folder;

    public bool Public => settings.Public;

    internal RegistryClient Client { get; }

    /// <summary>It failed a moment ago.</summary>
    internal bool Resting => Environment.TickCount64 < Volatile.Read(ref restsUntil);

    /// <summary>Whether these may pull what it has: a mirror that shows credentials is not for strangers.</summary>
    public bool Admits(Caller caller) => Public || caller.Account is not null || caller.Credential == Credential.Machine;

    public void Dispose() => Client.Dispose();

    /// <summary>The upstream's own name of a repository.</summary>
    internal ImageReference Reference(string path) => ImageReference.Parse($"{domain}/{path}");

    /// <summary>Notes that the upstream did not serve; told once in a while, not with each request.</summary>
    internal void Failed(NaruException failure)
    {
        if (!Resting)
            Log.Warn($"mirror {Name}: {failure.Message}: what is here is served");
        Volatile.Write(ref restsUntil, Environment.TickCount64 + (long)Rest.TotalMilliseconds);
    }

    internal void Answered() => Volatile.Write(ref restsUntil, 0);
}
