using System.Buffers;
using System.Security.Cryptography;
using Naru.Hub.Storage;
using Naru.Oci;

namespace Naru.Hub.Registry;

/// <summary>An upload that this process is writing: its object and the hash of all of its bytes, as far as this process saw them all.</summary>
/// <remarks>Used by one request at a time, which holds <see cref="Busy"/>.</remarks>
internal sealed class OpenUpload(IObjectWriter writer) : IAsyncDisposable
{
    private const int Piece = 256 << 10;

    private IncrementalHash? hash = writer.Length == 0 ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;

    public SemaphoreSlim Busy { get; } = new(1, 1);

    public IObjectWriter Writer { get; } = writer;

    /// <summary>When the last request ended; environment ticks, in milliseconds.</summary>
    public long Used { get; set; } = Environment.TickCount64;

    /// <summary>Set when it is over: who waited for it must look again.</summary>
    public bool Closed { get; private set; }

    /// <summary>Writes all of <paramref name="body"/>. When that ends early, what came is kept.</summary>
    public async ValueTask Append(Stream body, CancellationToken cancel)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            for (var ended = false; !ended;)
            {
                var filled = 0;
                try
                {
                    while (filled < Piece / 2 && !ended)
                    {
                        var count = await body.ReadAsync(buffer.AsMemory(filled, Piece - filled), cancel);
                        filled += count;
                        ended = count == 0;
                    }
                }
                finally
                {
                    if (filled > 0)
                    {
                        await Writer.Write(buffer.AsMemory(0, filled), CancellationToken.None);
                        hash?.AppendData(buffer, 0, filled);
                    }
                }
            }
        }
        catch
        {
            // The object may now have bytes that were not hashed, or the other way round.
            ForgetHash();
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            await Writer.Flush(CancellationToken.None);
        }
    }

    /// <summary>The digest of everything written, by the algorithm of <paramref name="expected"/>.</summary>
    public async ValueTask<Digest> Hash(Digest expected, CancellationToken cancel)
    {
        if (hash is not null && expected.HashName == HashAlgorithmName.SHA256)
            return Digest.FromHash(hash.GetCurrentHash());
        await using var content = await Writer.ReadBack(cancel);
        using var whole = IncrementalHash.CreateHash(expected.HashName);
        var buffer = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            int count;
            while ((count = await content.ReadAsync(buffer, cancel)) > 0)
                whole.AppendData(buffer, 0, count);
            return Digest.FromHash(whole.GetCurrentHash());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The digest is that of what the storage has, from now on.</summary>
    public void ForgetHash()
    {
        hash?.Dispose();
        hash = null;
    }

    public async ValueTask DisposeAsync()
    {
        Closed = true;
        hash?.Dispose();
        await Writer.DisposeAsync();
    }
}
