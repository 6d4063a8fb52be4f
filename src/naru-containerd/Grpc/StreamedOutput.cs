using Google.Protobuf;
using Naru.Base;
using Naru.Rpc.Transfer;

namespace Naru.ContainerdDaemon;

/// <summary>Sends bytes to a client on a named stream, no more at a time than the client granted.</summary>
internal sealed class StreamedOutput(NamedStream stream) : ForwardStream
{
    /// <summary>containerd's clients read messages up to this size.</summary>
    private const int MaxChunk = 32 << 10;

    private int granted;

    public override bool CanRead => false;

    public override bool CanWrite => true;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            while (granted <= 0)
                await ReceiveGrant();
            var count = Math.Min(Math.Min(buffer.Length, granted), MaxChunk);
            await stream.Send(new Data { Data_ = ByteString.CopyFrom(buffer.Span[..count]) });
            granted -= count;
            buffer = buffer[count..];
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    private async Task ReceiveGrant()
    {
        if (await stream.Receive() is not { } message)
            throw new NaruException(ErrorKind.Canceled, "the client stopped reading: context canceled");
        granted += WindowUpdate.Parser.ParseFrom(message.Value).Update;
    }
}
