using System.IO.Compression;
using System.Security.Cryptography;
using Naru.Engine;
using Naru.Engine.Images;
using Naru.Images;
using Naru.Linux;
using Naru.Oci;

namespace Naru.Build.Cache.Remote;

/// <summary>Stores a layer once more, compressed otherwise. The files, and their digest, stay what they are.</summary>
internal sealed class LayerRecompression(EngineHost engine)
{
    /// <param name="blob">In the content store.</param>
    /// <param name="level">Null: the usual one.</param>
    public async Task<Descriptor> Make(Descriptor blob, CompressionKind kind, int? level, CancellationToken cancel)
    {
        Directory.CreateDirectory(engine.Paths.Temporary);
        var path = Path.Combine(engine.Paths.Temporary, Guid.NewGuid().ToString("N"));
        try
        {
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite);
            await using (var source = await new ContentBlobs(engine.Containerd, null).OpenReadAsync(blob.Digest, cancel))
                await Task.Run(() => Copy(source, file, kind, level), cancel);
            file.Position = 0;
            var digest = Digest.FromHash(await SHA256.HashDataAsync(file, cancel));
            file.Position = 0;
            await engine.Containerd.WriteContent(digest, file.Length, file, null, cancel);
            return new Descriptor { MediaType = Compressions.LayerMediaType(kind), Digest = digest, Size = file.Length };
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Copy(Stream source, Stream target, CompressionKind kind, int? level)
    {
        using var plain = Compressions.Open(source, out _, leaveOpen: true);
        using var packed = kind switch
        {
            CompressionKind.Gzip => new GZipStream(target, new ZLibCompressionOptions { CompressionLevel = Math.Min(level ?? -1, 9) }, leaveOpen: true),
            CompressionKind.Zstd => new ZstdStream(target, CompressionMode.Compress, level ?? 3, leaveOpen: true),
            _ => null as Stream,
        };
        plain.CopyTo(packed ?? target, 256 << 10);
    }
}
