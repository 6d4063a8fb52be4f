using Naru.Base;

namespace Naru.Images;

/// <summary>The data of a tar reader's current entry; ends with it.</summary>
public sealed class EntryStream(TarReader reader) : ForwardStream
{
    public override bool CanRead => true;

    public override bool CanWrite => false;

    public override int Read(byte[] buffer, int offset, int count) => reader.Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer) => reader.Read(buffer);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(reader.Read(buffer.Span));
}
