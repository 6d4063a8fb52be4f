using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Naru.Base;
using Naru.Oci;

namespace Naru.Images;

/// <summary>Reads what <c>docker load</c> reads: OCI layouts and docker archives, old and new, plain or compressed as a whole, once, front to back.</summary>
/// <remarks>
/// Blobs whose name is their digest go straight to the store, which checks them. An old archive's layers have no digest in their name: they pass
/// through a temporary file. Nothing of the archive is ever written under a name that it chose.
/// </remarks>
public sealed class ArchiveImporter(IBlobStore store, string temporaryFolder)
{
    private const int MaximumConfig = 8 << 20;
    private const int MaximumSmallFiles = 64 << 20;
    private const int MaximumLinks = 16;

    private readonly Dictionary<string, byte[]> small = [];
    private readonly Dictionary<string, Descriptor> blobs = [];
    private readonly Dictionary<string, string> links = [];
    private long smallSize;

    /// <summary>Imports all images of <paramref name="archive"/>. An importer is used once.</summary>
    /// <exception cref="NaruException">InvalidArgument: no image archive, or one that is damaged or hostile.</exception>
    public Task<IReadOnlyList<ImportedImage>> ImportAsync(Stream archive, CancellationToken cancellation) => Task.Run(
        async () =>
        {
            try
            {
                await using var plain = Compressions.Open(new BlockingStream(archive, cancellation), out _, leaveOpen: true);
                await ReadAsync(new TarReader(plain), cancellation);
            }
            catch (InvalidDataException e)
            {
                throw new NaruException(ErrorKind.InvalidArgument, $"failed to decompress archive: {e.Message}", e);
            }

            var images = small.ContainsKey("index.json") ? await FromIndexAsync(cancellation) : await FromDockerAsync(cancellation);
            return images;
        },
        cancellation);

    private async Task ReadAsync(TarReader reader, CancellationToken cancellation)
    {
        while (reader.Next() is { } entry)
        {
            cancellation.ThrowIfCancellationRequested();
            var name = Encoding.UTF8.GetString(EntryNames.Clean(entry.Name));
            if (entry.Type is TarEntryType.Symlink or TarEntryType.HardLink)
            {
                // Old archives link a layer to the same layer of another image; only the name is ever looked up.
                var folder = entry.Type == TarEntryType.Symlink ? Encoding.UTF8.GetBytes(Path.GetDirectoryName(name) + "/") : [];
                links[name] = Encoding.UTF8.GetString(EntryNames.Clean([.. folder, .. entry.LinkName]));
            }
            else if (entry.Type == TarEntryType.File)
            {
                await ReadFileAsync(reader, entry, name, cancellation);
            }
        }
    }

    private async Task ReadFileAsync(TarReader reader, TarEntry entry, string name, CancellationToken cancellation)
    {
        if (name.StartsWith("blobs/", StringComparison.Ordinal))
        {
            if (!Digest.TryParse(name["blobs/".Length..].Replace('/', ':'), out var digest))
                throw NaruException.Invalid($"invalid blob name \"{name}\"");
            await StoreAsync(name, digest, entry.Size, new EntryStream(reader), cancellation);
        }
        else if (name.EndsWith("layer.tar", StringComparison.Ordinal) || name.EndsWith(".tar", StringComparison.Ordinal) || name.EndsWith(".tar.gz", StringComparison.Ordinal))
        {
            await SpoolAsync(name, new EntryStream(reader), cancellation);
        }
        else if (name is "index.json" or "manifest.json" or OciLayout.FileName || name.EndsWith(".json", StringComparison.Ordinal) || !name.Contains('.'))
        {
            var content = reader.ReadAll(name is "index.json" or "manifest.json" ? ManifestKind.MaximumSize : MaximumConfig);
            if ((smallSize += content.Length) > MaximumSmallFiles)
                throw NaruException.Invalid("archive holds too many configs");
            small[name] = content;
        }
    }

    private async Task StoreAsync(string name, Digest digest, long size, Stream content, CancellationToken cancellation)
    {
        var start = new byte[(int)Math.Min(8, size)];
        content.ReadExactly(start);
        var descriptor = new Descriptor { MediaType = LayerType(start), Digest = digest, Size = size };
        await store.WriteAsync(descriptor, new PrefixedStream(start, content, leaveOpen: true), cancellation);
        blobs[name] = descriptor;
    }

    /// <summary>Takes content of unknown digest through a temporary file into the store.</summary>
    private async Task SpoolAsync(string name, Stream content, CancellationToken cancellation)
    {
        Directory.CreateDirectory(temporaryFolder);
        var path = Path.Combine(temporaryFolder, $"naru-import-{Guid.NewGuid():N}");
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 0, FileOptions.DeleteOnClose);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[256 << 10];
        for (int read; (read = content.Read(buffer)) > 0;)
        {
            hash.AppendData(buffer, 0, read);
            file.Write(buffer, 0, read);
        }

        file.Position = 0;
        await StoreAsync(name, Digest.FromHash(hash.GetHashAndReset()), file.Length, file, cancellation);
    }

    private async Task<IReadOnlyList<ImportedImage>> FromIndexAsync(CancellationToken cancellation)
    {
        var index = ImageIndex.Parse(small["index.json"], MediaTypes.OciIndex);
        var tags = await DockerTagsAsync(cancellation);
        var images = new Dictionary<Digest, (Descriptor Target, List<ImageReference> Names, List<string> BareTags)>();
        foreach (var descriptor in index.Manifests)
        {
            if (!blobs.ContainsKey(BlobName(descriptor.Digest)))
                throw NaruException.Invalid($"archive lacks {descriptor.Digest}, which its index.json names");
            var content = await ReadBlobAsync(descriptor.Digest, cancellation);
            var mediaType = ManifestKind.Detect(content, descriptor.MediaType.Length == 0 ? null : descriptor.MediaType);
            if (!images.TryGetValue(descriptor.Digest, out var image))
                images[descriptor.Digest] = image = (new Descriptor { MediaType = mediaType, Digest = descriptor.Digest, Size = content.Length, Platform = descriptor.Platform }, [], []);
            if (NameOf(descriptor) is { } name && !image.Names.Contains(name))
                image.Names.Add(name);
            else if (BareTag(descriptor) is { } tag)
                image.BareTags.Add(tag);
            if (MediaTypes.IsManifest(mediaType))
                image.Names.AddRange(tags.Where(t => t.Config == ImageManifest.Parse(content, mediaType).Config.Digest && !image.Names.Contains(t.Name)).Select(t => t.Name));
        }

        return [.. images.Values.Select(i => new ImportedImage(i.Target, i.Names) { BareTags = i.BareTags })];
    }

    private static string? BareTag(Descriptor descriptor) =>
        NameOf(descriptor) is null && descriptor.Annotations is { } annotations && annotations.TryGetValue(MediaTypes.RefNameAnnotation, out var tag) && tag.Length > 0 ? tag : null;

    private static ImageReference? NameOf(Descriptor descriptor)
    {
        if (descriptor.Annotations is not { } annotations)
            return null;
        if (annotations.TryGetValue(MediaTypes.ContainerdNameAnnotation, out var full) && ImageReference.TryParse(full, out var reference))
            return reference.WithDefaultTag();
        // Alone, this annotation is a tag without a repository; only a whole name can be used.
        return annotations.TryGetValue(MediaTypes.RefNameAnnotation, out var name) && name.AsSpan().ContainsAny(':', '/') && ImageReference.TryParse(name, out reference)
            ? reference.WithDefaultTag() : null;
    }

    private async Task<List<(Digest Config, ImageReference Name)>> DockerTagsAsync(CancellationToken cancellation)
    {
        var tags = new List<(Digest, ImageReference)>();
        if (!small.ContainsKey("manifest.json"))
            return tags;
        foreach (var item in DockerItems())
        {
            var config = Digest.Of(await ConfigAsync(item, cancellation));
            tags.AddRange(Names(item).Select(name => (config, name)));
        }

        return tags;
    }

    private async Task<IReadOnlyList<ImportedImage>> FromDockerAsync(CancellationToken cancellation)
    {
        if (!small.ContainsKey("manifest.json"))
            throw NaruException.Invalid("unrecognized image format");
        var images = new List<ImportedImage>();
        foreach (var item in DockerItems())
        {
            var content = await ConfigAsync(item, cancellation);
            var config = ImageConfig.Parse(content);
            var layers = (item.Layers ?? []).Select(Layer).ToList();
            if (layers.Count != config.RootFs.DiffIds.Count)
                throw NaruException.Invalid($"invalid manifest, layers length mismatch: expected {layers.Count}, got {config.RootFs.DiffIds.Count}");
            var configDescriptor = Descriptor.Of(MediaTypes.DockerConfig, content);
            await store.WriteAsync(configDescriptor, new MemoryStream(content), cancellation);
            var manifest = new ImageManifest { MediaType = MediaTypes.DockerManifest, Config = configDescriptor, Layers = layers }.Write();
            var target = Descriptor.Of(MediaTypes.DockerManifest, manifest) with { Platform = config.Platform };
            await store.WriteAsync(target, new MemoryStream(manifest), cancellation);
            images.Add(new ImportedImage(target, Names(item)));
        }

        return images;
    }

    private List<DockerArchiveItem> DockerItems()
    {
        try
        {
            return JsonSerializer.Deserialize(small["manifest.json"], ArchiveJson.Default.ListDockerArchiveItem) is { } items && !items.Contains(null!)
                ? items : throw NaruException.Invalid("invalid manifest.json: null");
        }
        catch (JsonException e)
        {
            throw new NaruException(ErrorKind.InvalidArgument, $"invalid manifest.json: {e.Message}", e);
        }
    }

    private async Task<byte[]> ConfigAsync(DockerArchiveItem item, CancellationToken cancellation)
    {
        var name = Find(item.Config ?? throw NaruException.Invalid("invalid manifest.json: an image without Config"));
        if (small.TryGetValue(name, out var content))
            return content;
        return blobs.TryGetValue(name, out var blob) ? await ReadBlobAsync(blob.Digest, cancellation) : throw NaruException.Invalid($"archive lacks \"{item.Config}\"");
    }

    private static List<ImageReference> Names(DockerArchiveItem item) => [.. (item.RepoTags ?? []).Select(tag => ImageReference.Parse(tag).WithDefaultTag())];

    private Descriptor Layer(string path) =>
        blobs.TryGetValue(Find(path), out var layer) ? layer : throw NaruException.Invalid($"archive lacks \"{path}\"");

    /// <summary>A path of manifest.json as the archive names it, links of the archive followed.</summary>
    private string Find(string path)
    {
        var name = Encoding.UTF8.GetString(EntryNames.Clean(Encoding.UTF8.GetBytes(path)));
        for (var i = 0; i < MaximumLinks && links.TryGetValue(name, out var target); i++)
            name = target;
        return name;
    }

    private async Task<byte[]> ReadBlobAsync(Digest digest, CancellationToken cancellation)
    {
        await using var stream = await store.OpenReadAsync(digest, cancellation);
        var content = new MemoryStream();
        var buffer = new byte[64 << 10];
        for (int read; (read = await stream.ReadAsync(buffer, cancellation)) > 0;)
        {
            content.Write(buffer, 0, read);
            if (content.Length > MaximumConfig)
                throw NaruException.Invalid($"{digest} is larger than {MaximumConfig} bytes");
        }

        return content.ToArray();
    }

    private static string BlobName(Digest digest) => $"blobs/{digest.Algorithm}/{digest.Hex}";

    private static string LayerType(ReadOnlySpan<byte> start) => Compressions.Detect(start) switch
    {
        CompressionKind.Gzip => MediaTypes.DockerLayerGzip,
        CompressionKind.Zstd => MediaTypes.DockerLayerZstd,
        _ => MediaTypes.DockerLayer,
    };
}
