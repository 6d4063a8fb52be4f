using System.Collections.Concurrent;
using Naru.Base;
using Naru.Hub.Metadata;
using Naru.Hub.Registry;
using Naru.Oci;

namespace Naru.Hub.Catalogue;

/// <summary>What the site shows of images: which platforms a tag has, how an image was made, what is attached to it.</summary>
/// <remarks>A digest's answer never changes, so what was read of one is kept.</remarks>
public sealed class ImageCatalogue(IDatabase database, Manifests manifests, Blobs blobs)
{
    private const int MostKept = 4096;
    private const int LargestConfig = 4 << 20;

    /// <summary>Of an index at most so many are read.</summary>
    private const int MostPlatforms = 40;

    private const string SourceLabel = "org.opencontainers.image.source";

    private readonly ConcurrentDictionary<string, ImagePlatform> known = new();

    /// <summary>Of an image's digest; empty for one that says nothing.</summary>
    private readonly ConcurrentDictionary<string, string> sources = new();

    /// <summary>The images that a tag or digest stands for: itself, or those of an index that run somewhere.</summary>
    /// <exception cref="RegistryException">MANIFEST_UNKNOWN.</exception>
    public async ValueTask<List<ImagePlatform>> Platforms(Repository repository, string reference, CancellationToken cancel)
    {
        var manifest = await manifests.Require(repository, reference, cancel);
        if (!MediaTypes.IsIndex(manifest.MediaType))
            return [await Platform(repository, manifest, null, cancel)];
        List<ImagePlatform> platforms = [];
        foreach (var descriptor in ImageIndex.Parse(manifest.Content, manifest.MediaType).Manifests)
        {
            if (platforms.Count == MostPlatforms)
                break;
            if (IsAttestation(descriptor) || MediaTypes.IsIndex(descriptor.MediaType))
                continue;
            try
            {
                platforms.Add(await Platform(repository, await manifests.Require(repository, descriptor.Digest.ToString(), cancel), descriptor.Platform, cancel));
            }
            catch (RegistryException e) when (e.Code == RegistryErrorCode.ManifestUnknown)
            {
                // A mirror has only those platforms that somebody asked for.
            }
        }

        return platforms;
    }

    /// <summary>The digest that a tag stands for; a digest's own.</summary>
    /// <exception cref="RegistryException">MANIFEST_UNKNOWN.</exception>
    public async ValueTask<Digest> Resolve(Repository repository, string reference, CancellationToken cancel) => (await manifests.Require(repository, reference, cancel)).Digest;

    /// <summary>One image, by its digest.</summary>
    /// <exception cref="RegistryException">MANIFEST_UNKNOWN.</exception>
    public async ValueTask<ImageDetails> Read(Repository repository, string digest, CancellationToken cancel)
    {
        var manifest = await manifests.Require(repository, digest, cancel);
        var parsed = ImageManifest.Parse(manifest.Content, manifest.MediaType);
        return new ImageDetails(await Platform(repository, manifest, null, cancel), manifest.MediaType, parsed, await Config(repository, parsed, cancel));
    }

    /// <summary>Where an image says that it was made from, by an annotation or a label; null where it does not, or is gone.</summary>
    public async ValueTask<string?> Source(Repository repository, string reference, CancellationToken cancel)
    {
        try
        {
            if (await Platforms(repository, reference, cancel) is not [{ } first, ..])
                return null;
            if (!sources.TryGetValue(first.Digest, out var source))
            {
                var image = await Read(repository, first.Digest, cancel);
                source = image.Manifest.Annotations?.GetValueOrDefault(SourceLabel) ?? image.Config?.Config?.Labels?.GetValueOrDefault(SourceLabel) ?? "";
                if (sources.Count >= MostKept)
                    sources.Clear();
                sources[first.Digest] = source;
            }

            return source.Length > 0 ? source : null;
        }
        catch (RegistryException e) when (e.Code == RegistryErrorCode.ManifestUnknown)
        {
            return null;
        }
    }

    /// <summary>What says something of any of these images: by its subject, or beside it in the index that it came with.</summary>
    public async ValueTask<List<ReferrerEntry>> Referrers(Repository repository, string reference, string shown, CancellationToken cancel)
    {
        var manifest = await manifests.Require(repository, reference, cancel);
        var top = manifest.Digest.ToString();
        var found = await database.Read(
            session => session.Query(
                "SELECT artifact_type, digest, size, pushed, media_type FROM image WHERE repository = $1 AND (subject = $2 OR subject = $3) ORDER BY pushed DESC LIMIT 100",
                row => new ReferrerEntry(row.TextOrNull(0) ?? row.Text(4), row.Text(1), row.Number(2), row.Time(3)), repository.Id, top, shown),
            cancel);
        if (!MediaTypes.IsIndex(manifest.MediaType))
            return found;
        foreach (var descriptor in ImageIndex.Parse(manifest.Content, manifest.MediaType).Manifests)
        {
            if (!IsAttestation(descriptor) || descriptor.Annotations?.GetValueOrDefault("vnd.docker.reference.digest") != shown)
                continue;
            try
            {
                var statements = ImageManifest.Parse((await manifests.Require(repository, descriptor.Digest.ToString(), cancel)).Content);
                foreach (var layer in statements.Layers)
                {
                    var type = layer.Annotations?.GetValueOrDefault("in-toto.io/predicate-type") ?? layer.MediaType;
                    found.Add(new ReferrerEntry(type, descriptor.Digest.ToString(), layer.Size, await Pushed(repository, descriptor.Digest.ToString(), cancel)));
                }
            }
            catch (RegistryException e) when (e.Code == RegistryErrorCode.ManifestUnknown)
            {
                // A mirror has only what somebody asked for.
            }
        }

        return found;
    }

    /// <summary>When a manifest was pushed to a repository.</summary>
    public async ValueTask<DateTime> Pushed(Repository repository, string digest, CancellationToken cancel) => new(
        await database.Read(session => session.Number("SELECT pushed FROM image WHERE repository = $1 AND digest = $2", repository.Id, digest), cancel) ?? 0, DateTimeKind.Utc);

    /// <summary>BuildKit puts what it says of an image into the image's index, for no platform.</summary>
    private static bool IsAttestation(Descriptor descriptor) => descriptor.Annotations?.ContainsKey(MediaTypes.ReferenceTypeAnnotation) == true;

    private async ValueTask<ImagePlatform> Platform(Repository repository, Manifest manifest, Platform? said, CancellationToken cancel)
    {
        var digest = manifest.Digest.ToString();
        if (known.TryGetValue(digest, out var kept))
            return kept;
        var parsed = ImageManifest.Parse(manifest.Content, manifest.MediaType);
        var size = parsed.Config.Size;
        foreach (var layer in parsed.Layers)
            size += layer.Size;
        var config = said is { Os.Length: > 0 } ? null : await Config(repository, parsed, cancel);
        var name = said is { Os.Length: > 0 } ? said.ToString() : config is { Os.Length: > 0 } ? config.Platform.ToString() : "";
        var platform = new ImagePlatform(name, digest, size, MediaTypes.IsConfig(parsed.Config.MediaType) && parsed.ArtifactType is null ? null : parsed.ArtifactType ?? parsed.Config.MediaType);
        if (known.Count >= MostKept)
            known.Clear();
        known[digest] = platform;
        return platform;
    }

    private async ValueTask<ImageConfig?> Config(Repository repository, ImageManifest manifest, CancellationToken cancel)
    {
        if (!MediaTypes.IsConfig(manifest.Config.MediaType) || manifest.Config.Size is <= 0 or > LargestConfig)
            return null;
        if (await blobs.Find(repository, manifest.Config.Digest, pushing: false, cancel) is not { } blob)
            return null;
        try
        {
            await using var stream = await blobs.Read(blob, 0, blob.Size, cancel);
            using var memory = new MemoryStream((int)Math.Min(blob.Size, LargestConfig));
            await stream.CopyToAsync(memory, cancel);
            return ImageConfig.Parse(memory.GetBuffer().AsSpan(0, (int)memory.Length));
        }
        catch (NaruException e) when (e.Kind is ErrorKind.InvalidArgument or ErrorKind.NotFound)
        {
            // A config that cannot be read says nothing; its layers are there all the same.
            return null;
        }
    }
}
