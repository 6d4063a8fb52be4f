using Naru.Base;
using Naru.Build.Context;
using Naru.Engine;
using Naru.Engine.Images;
using Naru.Oci;

namespace Naru.Build.Cache.Remote;

/// <summary>A cache that an image carries: one of the engine's own, or, if it has none of that name, its registry's.</summary>
internal sealed class ImageStorage(EngineHost engine, IBuildSession session, string name) : ICacheSource, IDisposable
{
    private RegistryStorage? registry;

    public string Kind => "registry";

    public string Name => name;

    public async Task<(Descriptor Descriptor, byte[] Content)> ReadManifest(CancellationToken cancel)
    {
        try
        {
            var image = await engine.Images.Find(name, cancel);
            var content = await engine.Containerd.ReadContent(image.Manifest, cancel);
            return (Descriptor.Of(ManifestKind.Detect(content, null), content), content);
        }
        catch (NaruException e) when (e.Kind == ErrorKind.NotFound)
        {
            registry = new RegistryStorage(engine, session, name);
            return await registry.ReadManifest(cancel);
        }
    }

    public async Task<byte[]> ReadManifest(Descriptor manifest, CancellationToken cancel) =>
        registry is not null ? await registry.ReadManifest(manifest, cancel) : await engine.Containerd.ReadContent(manifest.Digest, cancel);

    public Task<Stream> Open(Descriptor blob, CancellationToken cancel) =>
        registry is not null ? registry.Open(blob, cancel) : new ContentBlobs(engine.Containerd, null).OpenReadAsync(blob.Digest, cancel);

    public void Dispose() => registry?.Dispose();
}
