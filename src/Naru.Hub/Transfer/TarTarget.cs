using System.Buffers;
using System.Text;
using Naru.Base;
using Naru.Images;

namespace Naru.Hub.Transfer;

/// <summary>A layout as one tar. Owns the stream.</summary>
public sealed class TarTarget : ILayoutTarget
{
    private const int FileMode = 0x1A4;
    private readonly BufferedStream stream;
    private readonly TarWriter tar;

    public TarTarget(Stream target)
    {
        stream = new BufferedStream(target, 128 << 10);
        tar = new TarWriter(stream);
    }

    public async ValueTask Add(string name, long size, Stream content, CancellationToken cancel)
    {
        tar.Begin(new TarEntry { Name = Encoding.UTF8.GetBytes(name), Mode = FileMode, Size = size });
        var buffer = ArrayPool<byte>.Shared.Rent(256 << 10);
        try
        {
            long written = 0;
            for (int count; (count = await content.ReadAsync(buffer, cancel)) > 0; written += count)
                tar.Write(buffer.AsSpan(0, (int)Math.Min(count, size - written)));
            if (written != size)
                throw new NaruException(ErrorKind.Internal, $"{name} has {written} bytes and should have {size}");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public async ValueTask DisposeAsync()
    {
        tar.Dispose();
        await stream.DisposeAsync();
    }
}
