using Naru.Base;
using Naru.Rpc.Transfer;

namespace Naru.ContainerdDaemon;

/// <summary>The bytes that a client sends on a named stream, no more at a time than it was granted.</summary>
internal sealed class StreamedInput(NamedStream stream) : ForwardStream
{
    /// <summary>How far the client may be ahead of the reader.</summary>
    private const int Window = 1 << 20;

    private ReadOnlyMemory<byte> rest;
    private int granted;
    private bool ended;

    public override bool CanRead => true;

    public override bool CanWrite => false;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (rest.IsEmpty && !ended)
            await Receive();
        var count = Math.Min(buffer.Length, rest.Length);
        rest[..count].CopyTo(buffer);
        rest = rest[count..];
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    private async Task Receive()
    {
        if (granted < Window)
        {
            await stream.Send(new WindowUpdate { Update = Window });
            granted += Window;
        }

        if (await stream.Receive() is not { } message)
        {
            ended = true;
            return;
        }

        if (!message.TypeUrl.EndsWith("containerd.types.transfer.Data", StringComparison.Ordinal))
            throw NaruException.Invalid($"stream carries {message.TypeUrl}, not data: invalid argument");
        rest = Data.Parser.ParseFrom(message.Value).Data_.Memory;
        granted -= rest.Length;
    }
}
