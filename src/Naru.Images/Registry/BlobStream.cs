using System.Net;
using System.Security.Cryptography;
using Naru.Base;
using Naru.Oci;

namespace Naru.Images;

/// <summary>A blob as it comes from its registry: a cut connection is taken up again where it broke, and the digest is checked at the end.</summary>
/// <remarks>The last read throws instead of giving 0 when size or digest is wrong, so that a copy that ended well is a right one.</remarks>
internal sealed class BlobStream : Stream
{
    private readonly Func<long, CancellationToken, Task<HttpResponseMessage>> open;
    private readonly Descriptor descriptor;
    private readonly RegistryOptions options;
    private readonly IncrementalHash? hash;
    private HttpResponseMessage? response;
    private Stream? body;
    private long position;
    private int failures;
    private bool done;

    /// <param name="open">Asks for the blob from an offset on.</param>
    /// <param name="offset">Where to start; from anywhere but 0 the digest is the caller's to check.</param>
    public BlobStream(Func<long, CancellationToken, Task<HttpResponseMessage>> open, Descriptor descriptor, long offset, bool verify, RegistryOptions options)
    {
        this.open = open;
        this.descriptor = descriptor;
        this.options = options;
        position = offset;
        hash = offset == 0 && verify ? IncrementalHash.CreateHash(descriptor.Digest.HashName) : null;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => descriptor.Size;

    public override long Position { get => position; set => throw new NotSupportedException(); }

    /// <summary>Connects, so that a refusal comes here and not at the first read.</summary>
    public async Task ConnectAsync(CancellationToken cancellation)
    {
        response = await open(position, cancellation);
        body = await response.Content.ReadAsStreamAsync(cancellation);
        if (response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From is { } from && from != position)
            throw new IOException($"asked for the bytes from {position} on, the server sent those from {from} on");
        if (position > 0 && response.StatusCode == HttpStatusCode.OK)
            await PassOverAsync(position, cancellation);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (done || buffer.IsEmpty)
            return 0;
        while (true)
        {
            try
            {
                if (body is null)
                    await ConnectAsync(cancellationToken);
                using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                limited.CancelAfter(options.IdleTimeout);
                var read = await body!.ReadAsync(buffer, limited.Token);
                if (read == 0 && position < descriptor.Size)
                    throw new IOException("unexpected EOF");
                return Account(buffer.Span[..read]);
            }
            catch (Exception e) when (e is IOException or HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                Drop();
                if (++failures >= options.Attempts)
                    throw new NaruException(ErrorKind.Unavailable, $"failed to copy {descriptor.Digest}: {e.Message}", e);
                await Task.Delay(options.RetryDelay * Math.Pow(2, failures - 1), cancellationToken);
            }
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>For readers that have a thread to themselves (the layer applier).</summary>
    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Drop();
            hash?.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Account(ReadOnlySpan<byte> content)
    {
        if (content.Length > 0)
        {
            failures = 0;
            position += content.Length;
            if (position > descriptor.Size)
                throw NaruException.Precondition($"unexpected commit size: {descriptor.Digest} is larger than {descriptor.Size} bytes");
            hash?.AppendData(content);
            return content.Length;
        }

        done = true;
        if (hash is not null && Digest.FromHash(hash.GetHashAndReset()) is var actual && actual != descriptor.Digest)
            throw NaruException.Precondition($"unexpected commit digest {actual}, expected {descriptor.Digest}");
        return 0;
    }

    /// <summary>A server that ignores Range sends everything again.</summary>
    private async Task PassOverAsync(long count, CancellationToken cancellation)
    {
        var buffer = new byte[64 << 10];
        while (count > 0)
        {
            var read = await body!.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, count)), cancellation);
            count -= read > 0 ? read : throw new IOException("unexpected EOF");
        }
    }

    private void Drop()
    {
        body?.Dispose();
        response?.Dispose();
        (body, response) = (null, null);
    }
}
