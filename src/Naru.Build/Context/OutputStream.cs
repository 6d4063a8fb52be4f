using Google.Protobuf;
using Naru.Base;
using Naru.Rpc.BuildSession;
using Naru.Rpc.Grpc;

namespace Naru.Build.Context;

/// <summary>A build's result on its way to the client as one stream of bytes. <see cref="DisposeAsync"/> waits until the client has all of it.</summary>
internal sealed class OutputStream : ForwardStream
{
    public const string NumberHeader = "buildkit-attachable-exporter-id";
    public const string MetadataPrefix = "exporter-md-";
    private const int LargestMessage = 1 << 20;
    private static readonly GrpcMethod<BytesMessage, BytesMessage> Method = new("moby.filesync.v1.FileSend", "DiffCopy", BytesMessage.Parser, BytesMessage.Parser);
    private readonly GrpcDuplex<BytesMessage, BytesMessage> call;
    private bool closed;

    private OutputStream(GrpcDuplex<BytesMessage, BytesMessage> call) => this.call = call;

    public static Task<Stream> Open(GrpcChannel channel, GrpcOptions options, CancellationToken cancel) =>
        Task.FromResult<Stream>(new OutputStream(channel.Duplex(Method, options, cancel)));

    public override bool CanRead => false;

    public override bool CanWrite => true;

    /// <exception cref="NaruException">The client refused the output: its own words.</exception>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var part = buffer[..Math.Min(LargestMessage, buffer.Length)];
            buffer = buffer[part.Length..];
            try
            {
                await call.WriteAsync(new BytesMessage { Data = UnsafeByteOperations.UnsafeWrap(part) });
            }
            catch (NaruException)
            {
                // Why it ended is what the other half says.
                await call.ReadAsync();
                throw;
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override async ValueTask DisposeAsync()
    {
        if (closed)
            return;
        closed = true;
        await using (call)
        {
            call.Complete();
            while (await call.ReadAsync() is not null)
            {
                // Nothing is said this way; the end is what matters.
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            DisposeAsync().AsTask().GetAwaiter().GetResult();
        base.Dispose(disposing);
    }
}
