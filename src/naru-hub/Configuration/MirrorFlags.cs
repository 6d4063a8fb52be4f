using Naru.Base;
using Naru.Base.Flags;
using Naru.Base.Units;
using Naru.Hub.Mirrors;

namespace Naru.HubServer.Configuration;

/// <summary>Which registries are mirrored, and how.</summary>
internal sealed class MirrorFlags
{
    public MirrorFlags(FlagSet all)
    {
        Mirrors = all.List("mirror", null, "Registry to pull through this one: NAME=UPSTREAM, as docker.io=https://registry-1.docker.io; several may be given", type: "mirror");
        Default = all.String("mirror-default", null, "Mirror that is asked for names which are nobody's here: for dockerd's registry-mirrors", type: "name");
        Credentials = all.String("mirror-auth", null, "File with the upstreams' passwords: Docker's config.json", type: "file");
        Public = all.List("mirror-public", null, "Mirror that everybody may pull from though it has a password: NAME; several may be given", type: "name");
        Fresh = all.Duration("mirror-ttl", null, "How long a mirrored tag is served before its upstream is asked again", (long)TimeSpan.FromMinutes(5).TotalNanoseconds);
        Keep = all.Duration("mirror-keep", null, "How long mirrored images are kept that nobody pulls; 0 for ever");
        Space = all.Bytes("mirror-space", null, "Space for mirrored blobs, beyond which the longest unused go; 0 without a limit");
    }

    public ListFlag Mirrors { get; }

    public ValueFlag<string> Default { get; }

    public ValueFlag<string> Credentials { get; }

    public ListFlag Public { get; }

    public ValueFlag<long> Fresh { get; }

    public ValueFlag<long> Keep { get; }

    public ValueFlag<long> Space { get; }

    public MirrorLimits Limits => new(Nanoseconds(Fresh.Value), Keep.Value > 0 ? Nanoseconds(Keep.Value) : null, Space.Value > 0 ? Space.Value : null);

    /// <summary>The mirrors; null when there are none.</summary>
    /// <param name="open">Everybody may do everything here.</param>
    /// <exception cref="NaruException">InvalidArgument.</exception>
    public MirrorList? Read(bool open)
    {
        List<MirrorSettings> all = [];
        var credentials = Credentials.Value.Length == 0 ? null : new MirrorCredentials(Credentials.Value);
        foreach (var text in Mirrors.Values)
        {
            var one = MirrorSettings.Parse(text);
            var shown = credentials?.Find(one);
            var everybody = shown is null || Public.Values.Contains(one.Name);
            if (open && !everybody)
                throw NaruException.Invalid($"mirror {one.Name} has a password, and with --open everybody could pull what it opens: allow that by --mirror-public {one.Name}");
            all.Add(one with { Credentials = shown, Public = everybody });
        }

        foreach (var name in Public.Values)
        {
            if (!all.Exists(one => one.Name == name))
                throw NaruException.Invalid($"--mirror-public {name}: there is no such mirror");
        }

        if (all.Count == 0 && Default.Value.Length == 0)
            return null;
        return new MirrorList(all, Default.Value.Length == 0 ? null : Default.Value);
    }

    private static TimeSpan Nanoseconds(long value) => TimeSpan.FromTicks(value / TimeSpan.NanosecondsPerTick);
}
