using Google.Protobuf;
using Naru.Base;
using Naru.Oci;
using Naru.Rpc.Content;
using Naru.Rpc.Grpc;

namespace Naru.Build.Context;

/// <summary>A content store of the client's: containerd's own service, over the session. One client may have several, told apart by a header.</summary>
public sealed class SessionContent
{
    private const string StoreHeader = "buildkit-attachable-store-id";
    private const int LargestMessage = 1 << 20;
    private readonly GrpcChannel channel;
    private readonly GrpcOptions options;

    /// <param name="store"><c>local:FOLDER</c>, as client and builder agree on.</param>
    internal SessionContent(GrpcChannel channel, string store)
    {
        this.channel = channel;
        var headers = new Dictionary<string, IReadOnlyList<string>>();
        SessionHeaders.Add(headers, StoreHeader, [store]);
        options = new GrpcOptions { Headers = headers };
    }

    public async Task<bool> Has(Digest digest, CancellationToken cancel)
    {
        try
        {
            await channel.CallAsync(ContainerdApi.Content.Info, new InfoRequest { Digest = digest.ToString() }, options, cancel);
            return true;
        }
        catch (NaruException e) when (e.Kind == ErrorKind.NotFound)
        {
            return false;
        }
    }

    /// <summary>Opens a blob; its digest is the caller's to check.</summary>
    /// <param name="size">More bytes than these are refused.</param>
    public Stream Open(Digest digest, long size, CancellationToken cancel) =>
        new BlobStream(channel.StreamAsync(ContainerdApi.Content.Read, new ReadContentRequest { Digest = digest.ToString() }, options, cancel).GetAsyncEnumerator(cancel), digest, size);

    /// <summary>A small blob, whole; its digest is the caller's to check.</summary>
    /// <param name="most">More bytes than these are refused.</param>
    public async Task<byte[]> Read(Digest digest, long most, CancellationToken cancel)
    {
        using var bytes = new MemoryStream();
        await using (var blob = Open(digest, most, cancel))
            await blob.CopyToAsync(bytes, cancel);
        return bytes.ToArray();
    }

    /// <summary>Stores a blob; one that is there already is fine.</summary>
    /// <exception cref="NaruException">The client's own words.</exception>
    public async Task Write(Descriptor blob, Stream source, CancellationToken cancel)
    {
        await using var call = channel.Duplex(ContainerdApi.Content.Write, options, cancel);
        var (reference, digest) = ($"naru-{Guid.NewGuid():N}", blob.Digest.ToString());
        try
        {
            await call.WriteAsync(new WriteContentRequest { Action = WriteAction.Stat, Ref = reference, Total = blob.Size, Expected = digest });
            await call.ReadAsync();
            var (offset, buffer) = (0L, new byte[LargestMessage]);
            int count;
            while ((count = await source.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel)) > 0)
            {
                await call.WriteAsync(new WriteContentRequest { Action = WriteAction.Write, Ref = reference, Offset = offset, Total = blob.Size, Expected = digest, Data = UnsafeByteOperations.UnsafeWrap(buffer.AsMemory(0, count)) });
                await call.ReadAsync();
                offset += count;
            }

            await call.WriteAsync(new WriteContentRequest { Action = WriteAction.Commit, Ref = reference, Offset = offset, Total = blob.Size, Expected = digest });
            await call.ReadAsync();
            call.Complete();
        }
        catch (NaruException e) when (e.Kind == ErrorKind.AlreadyExists)
        {
            // Another wrote it meanwhile.
        }
    }

    private sealed class BlobStream(IAsyncEnumerator<ReadContentResponse> parts, Digest digest, long left) : ForwardStream
    {
        private ReadOnlyMemory<byte> rest;

        public override bool CanRead => true;

        public override bool CanWrite => false;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            while (rest.IsEmpty)
            {
                if (!await parts.MoveNextAsync())
                    return 0;
                rest = parts.Current.Data.Memory;
                left -= rest.Length;
                if (left < 0)
                    throw NaruException.Invalid($"content {digest} is larger than it is said to be");
            }

            var count = Math.Min(buffer.Length, rest.Length);
            rest[..count].CopyTo(buffer);
            rest = rest[count..];
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

        public override ValueTask DisposeAsync() => parts.DisposeAsync();
    }
}
