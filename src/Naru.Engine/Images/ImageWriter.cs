using System.IO.Compression;
using System.Security.Cryptography;
using Naru.Base;
using Naru.Engine.Containerd;
using Naru.Oci;
using Types = Naru.Rpc.Types;

namespace Naru.Engine.Images;

/// <summary>Stores images in containerd: blobs with the labels that tie them together, then unpacked layers, then the name.</summary>
public sealed class ImageWriter(ContainerdClient containerd, EnginePaths paths)
{
    /// <summary><c>docker import</c>: one tar, plain or compressed by gzip, becomes an image of one layer.</summary>
    public async Task<Digest> Import(Stream tar, string? name, ImageConfig template, string message, CancellationToken cancel)
    {
        var path = Path.Combine(paths.Temporary, Guid.NewGuid().ToString("N"));
        var lease = await containerd.CreateLease(cancel);
        GrpcLease.Current = lease;
        try
        {
            Digest diffId;
            await using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write))
            {
                var peek = new byte[2];
                var count = await tar.ReadAtLeastAsync(peek, 2, throwOnEndOfStream: false, cancel);
                var whole = new PrefixedStream(peek.AsMemory(0, count), tar);
                await using Stream plain = count == 2 && peek[0] == 0x1F && peek[1] == 0x8B ? new GZipStream(whole, CompressionMode.Decompress) : whole;
                using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                var buffer = new byte[256 * 1024];
                int read;
                while ((read = await plain.ReadAsync(buffer, cancel)) > 0)
                {
                    hash.AppendData(buffer, 0, read);
                    await file.WriteAsync(buffer.AsMemory(0, read), cancel);
                }

                diffId = Digest.FromHash(hash.GetHashAndReset());
            }

            var layer = new Descriptor { MediaType = MediaTypes.DockerLayer, Digest = diffId, Size = new FileInfo(path).Length };
            await using (var stored = File.OpenRead(path))
                await containerd.WriteContent(layer.Digest, layer.Size, stored, null, cancel);
            var created = Naru.Base.Units.GoTime.Nano(DateTimeOffset.UtcNow);
            var config = (template with
            {
                Created = created,
                Architecture = Platform.Host.Architecture,
                Os = Platform.Host.Os,
                RootFs = new RootFs { DiffIds = [diffId] },
                History = [new HistoryEntry { Created = created, Comment = message }],
            }).Write();
            var document = new ImageManifest { MediaType = MediaTypes.DockerManifest, Config = Descriptor.Of(MediaTypes.DockerConfig, config), Layers = [layer] };
            var manifest = document.Write();
            var target = Descriptor.Of(MediaTypes.DockerManifest, manifest);
            await Store(document.Config, config, null, cancel);
            await Store(target, manifest, Links(document), cancel);
            await Unpack(document, [diffId], cancel);
            await containerd.PutImage(name ?? $"moby-dangling@{target.Digest}", Wire(target), cancel);
            return document.Config.Digest;
        }
        finally
        {
            GrpcLease.Current = null;
            File.Delete(path);
            await containerd.DeleteLease(lease, CancellationToken.None);
        }
    }

    public async Task Store(Descriptor descriptor, byte[] bytes, IReadOnlyDictionary<string, string>? labels, CancellationToken cancel) =>
        await containerd.WriteContent(descriptor.Digest, bytes.Length, new MemoryStream(bytes), labels, cancel);

    /// <summary>Garbage collection follows these from a manifest to its config and layers.</summary>
    public static IReadOnlyDictionary<string, string> Links(ImageManifest document)
    {
        var labels = new Dictionary<string, string> { ["containerd.io/gc.ref.content.config"] = document.Config.Digest.ToString() };
        for (var number = 0; number < document.Layers.Count; number++)
            labels[$"containerd.io/gc.ref.content.l.{number}"] = document.Layers[number].Digest.ToString();
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
                    await containerd.Apply(Wire(document.Layers[number]), mounts, cancel);
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

    public static Types.ContentDescriptor Wire(Descriptor descriptor) => new() { MediaType = descriptor.MediaType, Digest = descriptor.Digest.ToString(), Size = descriptor.Size };
}
