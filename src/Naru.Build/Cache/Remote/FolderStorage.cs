using Naru.Build.Context;
using Naru.Oci;

namespace Naru.Build.Cache.Remote;

/// <summary>A cache in a folder of the client's, an OCI layout, whose index the client keeps itself.</summary>
/// <param name="manifest">What the cache begins with; empty where one is to be written.</param>
internal sealed class FolderStorage(SessionContent content, string folder, Digest manifest) : ICacheSource, ICacheTarget
{
    public string Kind => "local";

    public string Name => "local:" + folder;

    public async Task<(Descriptor Descriptor, byte[] Content)> ReadManifest(CancellationToken cancel)
    {
        var bytes = await Read(manifest, ManifestKind.MaximumSize, cancel);
        return (Descriptor.Of(ManifestKind.Detect(bytes, null), bytes), bytes);
    }

    public Task<byte[]> ReadManifest(Descriptor manifest, CancellationToken cancel) => Read(manifest.Digest, ManifestKind.MaximumSize, cancel);

    public Task<Stream> Open(Descriptor blob, CancellationToken cancel) => Task.FromResult(content.Open(blob.Digest, blob.Size, cancel));

    public Task<bool> Has(Descriptor blob, CancellationToken cancel) => content.Has(blob.Digest, cancel);

    public async Task Write(Descriptor blob, Func<Stream> open, CancellationToken cancel)
    {
        await using var source = open();
        await content.Write(blob, source, cancel);
    }

    public async Task WriteManifest(Descriptor manifest, byte[] content, CancellationToken cancel)
    {
        if (!await Has(manifest, cancel))
            await Write(manifest, () => new MemoryStream(content), cancel);
    }

    private async Task<byte[]> Read(Digest digest, int most, CancellationToken cancel) => CacheReader.Checked(digest, await content.Read(digest, most, cancel));
}
