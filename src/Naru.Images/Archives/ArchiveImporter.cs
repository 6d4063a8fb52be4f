using System.Text;
using System.Text.Json;
using Naru.Base;
using Naru.Oci;

namespace Naru.Images;

/// <summary>Reads what <c>docker load</c> reads: OCI layouts and docker archives, old and new, plain or compressed as a whole, once, front to back.</summary>
/// <remarks>
/// Blobs go straight to the store, which checks those whose name is their digest. Nothing of the archive is ever written under a name that it chose.
/// </remarks>
public sealed class ArchiveImporter(IBlobStore store)
{
    private const int MaximumConfig = 8 << 20;
    private const int MaximumSmallFiles = 64 << 20;
    private const int MaximumLinks = 16;

    /// <summary>The type of a blob that is not seen to be a layer by how it begins; what it is is said where it is named.</summary>
    private const string Unknown = "application/octet-stream";

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
        else if (name.EndsWith(".tar", StringComparison.Ordinal) || name.EndsWith(".tar.gz", StringComparison.Ordinal))
        {
            await StoreAsync(name, default, entry.Size, new EntryStream(reader), cancellation);
        }
        else if (name is "index.json" or "manifest.json" or OciLayout.FileName || name.EndsWith(".json", StringComparison.Ordinal) || !name.Contains('.'))
        {
            var content = reader.ReadAll(name is "index.json" or "manifest.json" ? ManifestKind.MaximumSize : MaximumConfig);
            if ((smallSize += content.Length) > MaximumSmallFiles)
                throw NaruException.Invalid("archive holds too many configs");
            small[name] = content;
        }
    }

    /// <param name="digest">Empty for a layer of an old archive, whose name says nothing of its content.</param>
    private async Task StoreAsync(string name, Digest digest, long size, Stream content, CancellationToken cancellation)
    {
        var start = new byte[(int)Math.Min(TarHeader.BlockSize, size)];
        content.ReadExactly(start);
        var descriptor = new Descriptor { MediaType = digest.IsEmpty || TarHeader.HasMagic(start) || Compressions.Detect(start) != CompressionKind.None ? LayerType(start) : Unknown, Digest = digest, Size = size };
        blobs[name] = descriptor with { Digest = await store.WriteAsync(descriptor, new PrefixedStream(start, content, leaveOpen: true), cancellation) };
    }

    private async Task<IReadOnlyList<ImportedImage>> FromIndexAsync(CancellationToken cancellation)
    {
        var tags = await DockerTagsAsync(cancellation);
        var images = new List<ImportedImage>();
        foreach (var image in ImportedImage.AllOf(ImageIndex.Parse(small["index.json"], MediaTypes.OciIndex)))
        {
            var (digest, mediaType) = (image.Target.Digest, image.Target.MediaType);
            if (!blobs.ContainsKey(BlobName(digest)))
                throw NaruException.Invalid($"archive lacks {digest}, which its index.json names");
            var content = await ReadBlobAsync(digest, cancellation);
            mediaType = ManifestKind.Detect(content, mediaType.Length == 0 ? null : mediaType);
            var docker = MediaTypes.IsManifest(mediaType) ? tags.GetValueOrDefault(ImageManifest.Parse(content, mediaType).Config.Digest.ToString(), []) : [];
            images.Add(image with
            {
                Target = new Descriptor { MediaType = mediaType, Digest = digest, Size = content.Length, Platform = image.Target.Platform },
                Names = [.. image.Names.Union(docker)],
            });
        }

        return images;
    }

    /// <summary>The names that manifest.json gives, by the config's digest.</summary>
    private async Task<Dictionary<string, List<ImageReference>>> DockerTagsAsync(CancellationToken cancellation)
    {
        var tags = new Dictionary<string, List<ImageReference>>();
        if (!small.ContainsKey("manifest.json"))
            return tags;
        foreach (var item in DockerItems())
        {
            var config = Digest.Of(await ConfigAsync(item, cancellation)).ToString();
            tags[config] = [.. tags.GetValueOrDefault(config, []), .. Names(item)];
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
        blobs.TryGetValue(Find(path), out var layer) ? layer with { MediaType = layer.MediaType == Unknown ? MediaTypes.DockerLayer : layer.MediaType } : throw NaruException.Invalid($"archive lacks \"{path}\"");

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
