using System.IO.Compression;
using System.Text;
using Naru.Images;
using Naru.Linux;

namespace Naru.Tests.Hub.Layers;

/// <summary>Made-up layers.</summary>
internal static class Layers
{
    public static byte[] Tar(params (TarEntry Entry, byte[] Content)[] entries)
    {
        var archive = new MemoryStream();
        using (var writer = new TarWriter(archive))
        {
            foreach (var (entry, content) in entries)
                writer.Add(entry, content);
        }

        return archive.ToArray();
    }

    public static (TarEntry, byte[]) File(string path, string content) => File(path, Encoding.UTF8.GetBytes(content));

    public static (TarEntry, byte[]) File(string path, byte[] content) =>
        (new TarEntry { Name = Encoding.UTF8.GetBytes(path), Mode = 0x1A4, Size = content.Length, Seconds = 1_000_000 }, content);

    public static (TarEntry, byte[]) Folder(string path, uint mode = 0x1ED) => Other(path, TarEntryType.Directory, mode: mode);

    public static (TarEntry, byte[]) Other(string path, TarEntryType type, string link = "", uint mode = 0x1A4) =>
        (new TarEntry { Name = Encoding.UTF8.GetBytes(path), Type = type, Mode = mode, LinkName = Encoding.UTF8.GetBytes(link), Seconds = 1_000_000, DeviceMajor = 5, DeviceMinor = 1 }, []);

    public static byte[] Gzip(ReadOnlySpan<byte> bytes, CompressionLevel level = CompressionLevel.Fastest)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, level))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    /// <summary>A frame for each part of so many bytes.</summary>
    public static byte[] Zstd(byte[] bytes, int part = int.MaxValue)
    {
        var packed = new MemoryStream();
        for (var at = 0; at < bytes.Length;)
        {
            var length = Math.Min(part, bytes.Length - at);
            using (var zstd = new ZstdStream(packed, CompressionMode.Compress, leaveOpen: true))
                zstd.Write(bytes.AsSpan(at, length));
            at += length;
        }

        return packed.ToArray();
    }

    /// <summary>Text that compresses as programs do, never twice the same.</summary>
    public static byte[] Text(int length, int seed)
    {
        var random = new Random(seed);
        var text = new byte[length];
        for (var at = 0; at < length;)
        {
            var word = Encoding.ASCII.GetBytes($"{random.Next(5000)} lorem {random.Next()} ");
            var count = Math.Min(word.Length, length - at);
            word.AsSpan(0, count).CopyTo(text.AsSpan(at));
            at += count;
        }

        return text;
    }
}
