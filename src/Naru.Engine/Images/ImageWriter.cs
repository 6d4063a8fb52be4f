using System.Security.Cryptography;
using Naru.Base;
using Naru.Base.Units;
using Naru.Engine.Containerd;
using Naru.Images;
using Naru.Oci;
using Types = Naru.Rpc.Types;

namespace Naru.Engine.Images;

/// <summary>Stores images in containerd: blobs with the labels that tie them together, then unpacked layers, then the name.</summary>
public sealed class ImageWriter(ContainerdClient containerd, ImageStore images, EnginePaths paths)
{
    /// <summary><c>docker import</c>: one tar, plain or compressed, becomes an image of one layer.</summary>
    /// <param name="name">With its tag; null for an image without a name.</param>
    public async Task<LocalImage> Import(Stream tar, ImageReference? name, ContainerDefaults config, Platform platform, string message, CancellationToken cancel)
    {
        var path = Path.Combine(paths.Temporary, Guid.NewGuid().ToString("N"));
        try
        {
            await using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write))
                await Plain(tar, file, cancel);
            var created = GoTime.Nano(DateTimeOffset.UtcNow);
            return await Add(path, new ImageConfig
            {
                Created = created,
                Architecture = platform.Architecture,
                Variant = platform.Variant,
                Os = platform.Os,
                Config = config,
                Comment = message,
                DockerVersion = EngineOptions.EngineVersion,
                History = [new HistoryEntry { Created = created, Comment = message }],
            }, [], name, cancel);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Makes an image of one more layer, from a file that holds its plain tar.</summary>
    /// <param name="config">All of the image's config but the new layer's diff id.</param>
    /// <param name="below">The layers under it, lowest first; their diff ids are in the config.</param>
    public async Task<LocalImage> Add(string tar, ImageConfig config, IReadOnlyList<Descriptor> below, ImageReference? name, CancellationToken cancel)
    {
        await using var lease = new LeaseScope(containerd, await containerd.CreateLease(cancel));
        Digest diffId;
        await using (var file = File.OpenRead(tar))
            diffId = Digest.FromHash(await SHA256.HashDataAsync(file, cancel));
        var layer = new Descriptor { MediaType = MediaTypes.DockerLayer, Digest = diffId, Size = new FileInfo(tar).Length };
        await using (var stored = File.OpenRead(tar))
            await containerd.WriteContent(layer.Digest, layer.Size, stored, null, cancel);
        config = config with { RootFs = new RootFs { DiffIds = [.. config.RootFs.DiffIds, diffId] } };
        var bytes = config.Write();
        var document = new ImageManifest { MediaType = MediaTypes.DockerManifest, Config = Descriptor.Of(MediaTypes.DockerConfig, bytes), Layers = [.. below, layer] };
        var manifest = document.Write();
        var target = Descriptor.Of(MediaTypes.DockerManifest, manifest);
        await Store(document.Config, bytes, null, cancel);
        await Store(target, manifest, Links(document), cancel);
        await Unpack(document, config.RootFs.DiffIds, cancel);
        var full = name?.ToString() ?? ImageName.Dangling(target.Digest);
        var image = new LocalImage { Id = document.Config.Digest, Manifest = target.Digest, Target = target, Document = document, Config = config, Names = [new ImageName { Name = full, Target = target, Reference = name }] };
        if (name is null)
            await containerd.PutImage(full, Wire(target), null, cancel);
        else
            await images.Name(image, name, target, fromRegistry: false, cancel);
        return image;
    }

    private static async Task Plain(Stream tar, Stream target, CancellationToken cancel)
    {
        try
        {
            await Task.Run(
                () =>
                {
                    using var plain = Compressions.Open(new BlockingStream(tar, cancel), out _, leaveOpen: true);
                    plain.CopyTo(target, 256 << 10);
                },
                cancel);
        }
        catch (InvalidDataException e)
        {
            throw new NaruException(ErrorKind.InvalidArgument, $"failed to decompress archive: {e.Message}", e);
        }
    }

    /// <summary>Stores a document. Another who stores the same one at the moment is waited for.</summary>
    public async Task Store(Descriptor descriptor, byte[] bytes, IReadOnlyDictionary<string, string>? labels, CancellationToken cancel)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                await containerd.WriteContent(descriptor.Digest, bytes.Length, new MemoryStream(bytes), labels, cancel);
                return;
            }
            catch (NaruException e) when (e.Kind == ErrorKind.Unavailable && tries < 100)
            {
                await Task.Delay(20, cancel);
            }
        }
    }

    /// <summary>Garbage collection follows these from a manifest to its config and layers.</summary>
    public static IReadOnlyDictionary<string, string> Links(ImageManifest document)
    {
        var labels = new Dictionary<string, string> { ["containerd.io/gc.ref.content.config"] = document.Config.Digest.ToString() };
        for (var number = 0; number < document.Layers.Count; number++)
            labels[$"containerd.io/gc.ref.content.l.{number}"] = document.Layers[number].Digest.ToString();
        return labels;
    }

    /// <summary>The same from an index to its manifests.</summary>
    public static IReadOnlyDictionary<string, string> Links(IReadOnlyList<Descriptor> manifests)
    {
        var labels = new Dictionary<string, string>();
        for (var number = 0; number < manifests.Count; number++)
            labels[$"containerd.io/gc.ref.content.m.{number}"] = manifests[number].Digest.ToString();
        return labels;
    }

    /// <summary>Makes the committed snapshots of an image's layers, named by chain id.</summary>
    public async Task Unpack(ImageManifest document, IReadOnlyList<Digest> diffIds, CancellationToken cancel)
    {
        var parent = "";
        for (var number = 0; number < diffIds.Count; number++)
        {
            var chain = ChainId.Of(diffIds.Take(number + 1)).ToString();
            if (!await containerd.SnapshotExists(chain, cancel))
            {
                var key = $"naru-unpack-{Guid.NewGuid():N}";
                var mounts = await containerd.Prepare(key, parent, view: false, cancel);
                try
                {
                    var applied = await containerd.Apply(Wire(document.Layers[number]), mounts, cancel);
                    if (applied != diffIds[number].ToString())
                        throw NaruException.Invalid($"invalid diffID for layer {number}: expected \"{diffIds[number]}\", got \"{applied}\"");
                    await containerd.CommitSnapshot(chain, key, cancel);
                }
                catch
                {
                    await containerd.RemoveSnapshot(key, CancellationToken.None);
                    throw;
                }
            }

            parent = chain;
        }

        if (parent.Length > 0)
            await containerd.LabelContent(document.Config.Digest, new Dictionary<string, string> { ["containerd.io/gc.ref.snapshot.overlayfs"] = parent }, cancel);
    }

    public static Types.Platform Wire(Platform platform) => new() { Os = platform.Os, Architecture = platform.Architecture, Variant = platform.Variant ?? "" };

    public static Types.ContentDescriptor Wire(Descriptor descriptor) => new() { MediaType = descriptor.MediaType, Digest = descriptor.Digest.ToString(), Size = descriptor.Size };
}
