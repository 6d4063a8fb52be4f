using System.Text;
using System.Text.Json;
using Naru.Base;
using Naru.Oci;

namespace Naru.Images;

/// <summary>Writes what <c>docker save</c> writes: an OCI layout that is a docker archive too (index.json and manifest.json over the same blobs).</summary>
public sealed class ArchiveExporter(IBlobSource store)
{
    private readonly HashSet<Digest> written = [];

    /// <summary>Writes <paramref name="images"/> as one tar. Of an index, those platforms that the store has in full.</summary>
    /// <param name="platform">Whose image the archive's manifest.json names, where there is a choice.</param>
    /// <exception cref="NaruException">NotFound: the store lacks an image's content.</exception>
    public Task ExportAsync(IReadOnlyList<ExportedImage> images, Platform platform, Stream target, CancellationToken cancellation) =>
        Task.Run(() => WriteAsync(images, platform, target, cancellation), cancellation);

    private async Task WriteAsync(IReadOnlyList<ExportedImage> images, Platform platform, Stream target, CancellationToken cancellation)
    {
        await using var blocking = new BlockingStream(target, cancellation);
        await using var buffered = new BufferedStream(blocking, 128 << 10);
        using var tar = new TarWriter(buffered);
        AddFolder(tar, "blobs/");
        AddFolder(tar, "blobs/sha256/");
        var entries = new List<Descriptor>();
        var items = new List<DockerArchiveItem>();
        var repositories = new Dictionary<string, Dictionary<string, string>>();
        foreach (var image in images)
        {
            var (manifest, digest) = await AddTargetAsync(tar, image.Target, platform, cancellation);
            var plain = new Descriptor { MediaType = image.Target.MediaType, Digest = image.Target.Digest, Size = image.Target.Size, Platform = image.Target.Platform, Annotations = image.Target.Annotations };
            if (image.Names.Count == 0)
                entries.Add(plain);
            foreach (var name in image.Names)
            {
                entries.Add(plain with
                {
                    Annotations = new SortedDictionary<string, string>(Annotations(image.Target), StringComparer.Ordinal)
                    {
                        [MediaTypes.ContainerdNameAnnotation] = name.ToString(),
                        [MediaTypes.RefNameAnnotation] = name.Tag ?? ImageReference.DefaultTag,
                    },
                });
                if (name.Tag is not null && manifest.Layers.Count > 0)
                    (repositories.TryGetValue(name.FamiliarName, out var tags) ? tags : repositories[name.FamiliarName] = [])[name.Tag] = manifest.Layers[^1].Digest.Hex;
            }

            items.Add(await ItemAsync(manifest, image.Names, cancellation));
        }

        AddFile(tar, "index.json", new ImageIndex { MediaType = MediaTypes.OciIndex, Manifests = entries }.Write());
        AddFile(tar, "manifest.json", JsonSerializer.SerializeToUtf8Bytes(items, ArchiveJson.Default.ListDockerArchiveItem));
        AddFile(tar, OciLayout.FileName, """{"imageLayoutVersion":"1.0.0"}"""u8);
        if (repositories.Count > 0)
            AddFile(tar, "repositories", JsonSerializer.SerializeToUtf8Bytes(repositories, ArchiveJson.Default.DictionaryStringDictionaryStringString));
    }

    private static Dictionary<string, string> Annotations(Descriptor target) => new(target.Annotations ?? new Dictionary<string, string>());

    /// <summary>Writes a manifest or index with all below it; the manifest that suits the platform best comes back.</summary>
    private async Task<(ImageManifest Manifest, Digest Digest)> AddTargetAsync(TarWriter tar, Descriptor target, Platform platform, CancellationToken cancellation)
    {
        var content = await ReadAsync(target.Digest, cancellation);
        var mediaType = ManifestKind.Detect(content, target.MediaType);
        if (MediaTypes.IsManifest(mediaType))
        {
            var manifest = ImageManifest.Parse(content, mediaType);
            foreach (var blob in manifest.Layers.Prepend(manifest.Config))
                await AddBlobAsync(tar, blob, cancellation);
            AddBlob(tar, target.Digest, content);
            return (manifest, target.Digest);
        }

        (ImageManifest, Digest)? chosen = null;
        var index = ImageIndex.Parse(content, mediaType);
        var best = index.Select(platform);
        foreach (var child in index.Manifests)
        {
            if (!MediaTypes.IsManifest(child.MediaType) || !await IsWholeAsync(child, cancellation))
                continue;
            var added = await AddTargetAsync(tar, child, platform, cancellation);
            if (chosen is null || child.Digest == best?.Digest)
                chosen = added;
        }

        AddBlob(tar, target.Digest, content);
        return chosen ?? throw NaruException.NotFound($"no platform of {target.Digest} is there in full");
    }

    private async Task<bool> IsWholeAsync(Descriptor descriptor, CancellationToken cancellation)
    {
        if (!await store.ExistsAsync(descriptor.Digest, cancellation))
            return false;
        var manifest = ImageManifest.Parse(await ReadAsync(descriptor.Digest, cancellation), descriptor.MediaType);
        foreach (var blob in manifest.Layers.Prepend(manifest.Config))
        {
            if (!await store.ExistsAsync(blob.Digest, cancellation))
                return false;
        }

        return true;
    }

    private async Task<DockerArchiveItem> ItemAsync(ImageManifest manifest, IReadOnlyList<ImageReference> names, CancellationToken cancellation)
    {
        var sources = new Dictionary<string, Descriptor>();
        if (MediaTypes.IsConfig(manifest.Config.MediaType))
        {
            var diffIds = ImageConfig.Parse(await ReadAsync(manifest.Config.Digest, cancellation)).RootFs.DiffIds;
            for (var i = 0; i < Math.Min(diffIds.Count, manifest.Layers.Count); i++)
                sources[diffIds[i].ToString()] = new Descriptor { MediaType = manifest.Layers[i].MediaType, Digest = manifest.Layers[i].Digest, Size = manifest.Layers[i].Size };
        }

        return new DockerArchiveItem
        {
            Config = BlobName(manifest.Config.Digest),
            RepoTags = [.. names.Where(n => n.Tag is not null).Select(n => n.Familiar)],
            Layers = [.. manifest.Layers.Select(l => BlobName(l.Digest))],
            LayerSources = sources,
        };
    }

    private async Task AddBlobAsync(TarWriter tar, Descriptor descriptor, CancellationToken cancellation)
    {
        if (!written.Add(descriptor.Digest))
            return;
        await using var content = await store.OpenReadAsync(descriptor.Digest, cancellation);
        tar.Begin(File(BlobName(descriptor.Digest), descriptor.Size));
        var buffer = new byte[256 << 10];
        for (int read; (read = await content.ReadAsync(buffer, cancellation)) > 0;)
            tar.Write(buffer.AsSpan(0, read));
    }

    private void AddBlob(TarWriter tar, Digest digest, byte[] content)
    {
        if (written.Add(digest))
            AddFile(tar, BlobName(digest), content);
    }

    private async Task<byte[]> ReadAsync(Digest digest, CancellationToken cancellation)
    {
        await using var stream = await store.OpenReadAsync(digest, cancellation);
        var content = new MemoryStream();
        await stream.CopyToAsync(content, cancellation);
        return content.ToArray();
    }

    private static string BlobName(Digest digest) => $"blobs/{digest.Algorithm}/{digest.Hex}";

    private static TarEntry File(string name, long size) => new() { Name = Encoding.UTF8.GetBytes(name), Mode = 0x1A4, Size = size };

    private static void AddFile(TarWriter tar, string name, ReadOnlySpan<byte> content) => tar.Add(File(name, content.Length), content);

    private static void AddFolder(TarWriter tar, string name) =>
        tar.Add(new TarEntry { Type = TarEntryType.Directory, Name = Encoding.UTF8.GetBytes(name), Mode = 0x1ED });
}
