using Naru.Base;
using Naru.Rpc.BuildSession.Upload;
using Naru.Rpc.Grpc;

namespace Naru.Build.Context;

/// <summary>A stream of bytes that the client holds and the builder pulls: its standard input, where that is the context.</summary>
internal sealed class UploadStream : ForwardStream
{
    public const string Service = "moby.upload.v1.Upload", Host = "buildkit-session";
    private static readonly GrpcMethod<BytesMessage, BytesMessage> Method = new(Service, "Pull", BytesMessage.Parser, BytesMessage.Parser);
    private readonly GrpcDuplex<BytesMessage, BytesMessage> call;
    private ReadOnlyMemory<byte> rest;

    public UploadStream(GrpcChannel channel, string id, CancellationToken cancel)
    {
        var headers = new Dictionary<string, IReadOnlyList<string>>();
        SessionHeaders.Add(headers, "urlpath", ["/" + id]);
        SessionHeaders.Add(headers, "urlhost", [Host]);
        call = channel.Duplex(Method, new GrpcOptions { Headers = headers }, cancel);
    }

    public override bool CanRead => true;

    public override bool CanWrite => false;

    /// <exception cref="NaruException">The client has no such stream, or went away.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (rest.IsEmpty)
        {
            if (await call.ReadAsync() is not { } message)
                return 0;
            rest = message.Data.Memory;
        }

        var count = Math.Min(buffer.Length, rest.Length);
        rest[..count].CopyTo(buffer);
        rest = rest[count..];
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override async ValueTask DisposeAsync() => await call.DisposeAsync();
}
