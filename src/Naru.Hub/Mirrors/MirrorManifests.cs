using System.Collections.Concurrent;
using Naru.Base;
using Naru.Hub.Registry;
using Naru.Images;
using Naru.Oci;

namespace Naru.Hub.Mirrors;

/// <summary>The manifests and tags of mirrored registries. A digest that is here is never asked for again; a tag is, when its time is over.</summary>
public sealed class MirrorManifests
{
    private const int MostRemembered = 50_000;

    /// <summary>How long an upstream may think about a tag that could be served from here.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly MirrorRecords records;
    private readonly Manifests manifests;
    private readonly TimeSpan fresh;
    private readonly TimeProvider clock;
    private readonly Flights<MirroredManifest> flights = new();

    /// <summary>When the upstream last said what a tag is. In memory alone: after a restart it is asked again, and a warm pull writes nothing.</summary>
    private readonly ConcurrentDictionary<string, long> asked = new(StringComparer.Ordinal);

    internal MirrorManifests(MirrorRecords records, Manifests manifests, TimeSpan fresh, TimeProvider clock)
    {
        this.records = records;
        this.manifests = manifests;
        this.fresh = fresh;
        this.clock = clock;
    }

    /// <summary>The manifest of a tag or digest: from here, or from the upstream, which is then here.</summary>
    /// <exception cref="RegistryException">MANIFEST_UNKNOWN; UNAVAILABLE: it is not here and the upstream does not serve.</exception>
    public async ValueTask<MirroredManifest> Require(MirroredName at, string reference, CancellationToken cancel)
    {
        var byDigest = Digest.TryParse(reference, out _);
        if (!byDigest && !Names.IsTag(reference))
            throw Unknown(reference);
        var repository = await records.Find(at, cancel);
        var here = repository is null ? null : await manifests.Find(repository, reference, cancel);
        var key = $"{at.Name}@{reference}";
        if (here is not null && (byDigest || IsFresh(key)))
            return new MirroredManifest(repository!, here, false);
        if (here is not null && at.Mirror.Resting)
            return new MirroredManifest(repository!, here, true);
        try
        {
            return await flights.Join(key, () => byDigest || here is null ? Fetch(at, reference, byDigest, key) : Ask(at, reference, repository!, here, key)).WaitAsync(cancel);
        }
        catch (NaruException e) when (here is not null && e.Kind != ErrorKind.NotFound)
        {
            at.Mirror.Failed(e);
            return new MirroredManifest(repository!, here, true);
        }
        catch (NaruException e) when (e.Kind == ErrorKind.NotFound && here is not null && !byDigest)
        {
            await records.Untag(repository!, reference, cancel);
            throw MirrorFailures.Translate(at, e, RegistryErrorCode.ManifestUnknown, reference);
        }
        catch (NaruException e)
        {
            throw MirrorFailures.Translate(at, e, RegistryErrorCode.ManifestUnknown, reference);
        }
    }

    /// <summary>Tags in the order of their bytes, after <paramref name="last"/>, at most <paramref name="count"/>: the upstream's, or those that are here when it does not serve.</summary>
    /// <exception cref="RegistryException">NAME_UNKNOWN, UNAVAILABLE.</exception>
    public ValueTask<List<string>> Tags(MirroredName at, string last, int count, CancellationToken cancel) => List(at, async limit =>
    {
        List<string> tags = [.. await at.Mirror.Client.ListTagsAsync(at.Mirror.Reference(at.Path), limit)];
        tags.RemoveAll(tag => !Names.IsTag(tag) || string.CompareOrdinal(tag, last) <= 0);
        tags.Sort(StringComparer.Ordinal);
        return tags.Count > count ? tags[..count] : tags;
    }, repository => manifests.Tags(repository, last, count, cancel), cancel);

    /// <summary>What was pushed about a manifest, in the order of digests, after <paramref name="last"/>, at most <paramref name="count"/>: the upstream's list, or what is here when it does not serve.</summary>
    /// <exception cref="RegistryException">NAME_UNKNOWN, UNAVAILABLE.</exception>
    public ValueTask<List<Descriptor>> Referrers(MirroredName at, Digest subject, string? artifactType, string last, int count, CancellationToken cancel) => List(at, async limit =>
    {
        List<Descriptor> all = [.. await at.Mirror.Client.ListReferrersAsync(at.Mirror.Reference(at.Path), subject, limit)];
        all.RemoveAll(one => (artifactType is not null && one.ArtifactType != artifactType) || string.CompareOrdinal(one.Digest.ToString(), last) <= 0);
        all.Sort((one, other) => string.CompareOrdinal(one.Digest.ToString(), other.Digest.ToString()));
        return all.Count > count ? all[..count] : all;
    }, repository => manifests.Referrers(repository, subject, artifactType, last, count, cancel), cancel);

    /// <summary>A list of the upstream's or, where it does not serve and something of the repository is here, our own.</summary>
    private async ValueTask<T> List<T>(MirroredName at, Func<CancellationToken, Task<T>> theirs, Func<Repository, ValueTask<T>> ours, CancellationToken cancel)
        where T : class
    {
        var repository = await records.Find(at, cancel);
        if (repository is not null && at.Mirror.Resting)
            return await ours(repository);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        if (repository is not null)
            limit.CancelAfter(Patience);
        try
        {
            var list = await theirs(limit.Token);
            at.Mirror.Answered();
            return list;
        }
        catch (NaruException e) when (repository is null || e.Kind == ErrorKind.NotFound)
        {
            throw MirrorFailures.Translate(at, e, RegistryErrorCode.NameUnknown, at.Name);
        }
        catch (NaruException e)
        {
            at.Mirror.Failed(e);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            at.Mirror.Failed(Silent(e));
        }

        return await ours(repository!);
    }

    private bool IsFresh(string key) => asked.TryGetValue(key, out var when) && clock.GetElapsedTime(when) < fresh;

    /// <summary>Asks whether a tag that is here is still the same.</summary>
    private async Task<MirroredManifest> Ask(MirroredName at, string tag, Repository repository, Manifest here, string key)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            // A HEAD, which Docker Hub does not count.
            var upstream = at.Mirror.Reference(at.Path);
            var now = await at.Mirror.Client.ResolveAsync(upstream.WithTag(tag), limit.Token);
            at.Mirror.Answered();
            if (now.Digest != here.Digest)
            {
                if (await manifests.Find(repository, now.Digest.ToString(), CancellationToken.None) is not { } known || !await records.Tag(repository, tag, now.Digest, CancellationToken.None))
                    return await Keep(at, tag, key, await at.Mirror.Client.GetManifestAsync(upstream.WithDigest(now.Digest), limit.Token));
                here = known;
            }

            Remember(key);
            return new MirroredManifest(repository, here, false);
        }
        catch (OperationCanceledException e)
        {
            throw Silent(e);
        }
    }

    private async Task<MirroredManifest> Fetch(MirroredName at, string reference, bool byDigest, string key)
    {
        var upstream = at.Mirror.Reference(at.Path);
        var named = byDigest ? upstream.WithDigest(Digest.Parse(reference)) : upstream.WithTag(reference);
        return await Keep(at, byDigest ? null : reference, key, await at.Mirror.Client.GetManifestAsync(named, CancellationToken.None));
    }

    private async Task<MirroredManifest> Keep(MirroredName at, string? tag, string key, RegistryManifest manifest)
    {
        at.Mirror.Answered();
        var repository = await records.Keep(at, tag, manifest, CancellationToken.None);
        if (tag is not null)
            Remember(key);
        return new MirroredManifest(repository, new Manifest(manifest.Descriptor.Digest, manifest.Descriptor.MediaType, manifest.Content), false);
    }

    private void Remember(string key)
    {
        if (asked.Count >= MostRemembered)
            asked.Clear();
        asked[key] = clock.GetTimestamp();
    }

    private static NaruException Silent(OperationCanceledException e) => new(ErrorKind.Unavailable, $"no answer in {Patience.TotalSeconds} seconds", e);

    private static RegistryException Unknown(string reference) => new(RegistryErrorCode.ManifestUnknown, "manifest unknown", reference);
}
