using Naru.Base;
using Naru.Build.Context;
using Naru.Engine;
using Naru.Images;
using Naru.Oci;

namespace Naru.Build.Cache.Remote;

/// <summary>A cache in a registry. Each request is made with the client's login at the time.</summary>
internal sealed class RegistryStorage : ICacheSource, ICacheTarget, IDisposable
{
    private readonly EngineHost engine;
    private readonly IBuildSession session;
    private readonly ImageReference reference;
    private readonly Lock gate = new();
    private Task<RegistryClient>? client;

    /// <param name="name">As the client wrote it: an image's, with or without a tag.</param>
    /// <exception cref="NaruException">InvalidArgument: no name of an image.</exception>
    public RegistryStorage(EngineHost engine, IBuildSession session, string name)
    {
        this.engine = engine;
        this.session = session;
        Name = name;
        reference = ImageReference.Parse(name).WithDefaultTag();
    }

    public string Kind => "registry";

    public string Name { get; }

    public async Task<(Descriptor Descriptor, byte[] Content)> ReadManifest(CancellationToken cancel)
    {
        try
        {
            var manifest = await (await Client(cancel)).GetManifestAsync(reference, cancel);
            return (manifest.Descriptor, manifest.Content);
        }
        catch (NaruException e) when (e.Kind == ErrorKind.NotFound)
        {
            throw new NaruException(ErrorKind.NotFound, $"{reference}: not found", e);
        }
    }

    public async Task<byte[]> ReadManifest(Descriptor manifest, CancellationToken cancel) =>
        (await (await Client(cancel)).GetManifestAsync(reference.NameOnly().WithDigest(manifest.Digest), cancel)).Content;

    public async Task<Stream> Open(Descriptor blob, CancellationToken cancel) => await (await Client(cancel)).OpenBlobAsync(reference, blob, cancel);

    public async Task<bool> Has(Descriptor blob, CancellationToken cancel) => await (await Client(cancel)).BlobExistsAsync(reference, blob.Digest, cancel);

    public async Task Write(Descriptor blob, Func<Stream> open, CancellationToken cancel) =>
        await (await Client(cancel)).PushBlobAsync(reference, blob, open, null, null, cancel);

    public async Task WriteManifest(Descriptor manifest, byte[] content, CancellationToken cancel) =>
        await (await Client(cancel)).PushManifestAsync(reference, manifest.MediaType, content, cancel);

    public void Dispose()
    {
        if (client is { IsCompletedSuccessfully: true })
            client.Result.Dispose();
    }

    private Task<RegistryClient> Client(CancellationToken cancel)
    {
        lock (gate)
        {
            if (client is null or { IsFaulted: true } or { IsCanceled: true })
                client = Connect(cancel);
            return client;
        }
    }

    private async Task<RegistryClient> Connect(CancellationToken cancel) => engine.Registries.Open(reference.Domain, await session.Credentials(reference.Domain, cancel));
}
