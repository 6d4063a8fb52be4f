using Naru.Rpc.Ttrpc;

namespace Naru.Shim.Transport;

/// <summary>Bytes of a connection until they are whole frames. Grows to the frame at hand and falls back when empty.</summary>
internal sealed class FrameBuffer
{
    private const int Small = 4096;
    private byte[] bytes = new byte[Small];
    private int start, end;

    /// <summary>Reads once, as much as fits; false at the end of the connection.</summary>
    /// <exception cref="NaruException">The frame at hand is malformed.</exception>
    public bool Fill(Descriptor connection)
    {
        if (end == bytes.Length)
            Grow();
        var count = connection.Read(bytes.AsSpan(end));
        end += Math.Max(count, 0);
        return count != 0;
    }

    /// <summary>The next whole frame.</summary>
    /// <exception cref="NaruException">The frame is malformed: the connection is to be closed.</exception>
    public bool TryTake(out FrameHeader header, out ReadOnlySpan<byte> payload)
    {
        header = default;
        payload = default;
        if (end - start < FrameHeader.Size)
            return false;
        header = FrameHeader.Parse(bytes.AsSpan(start));
        if (end - start < FrameHeader.Size + header.Length)
            return false;
        payload = bytes.AsSpan(start + FrameHeader.Size, header.Length);
        start += FrameHeader.Size + header.Length;
        return true;
    }

    /// <summary>Called when all whole frames have been taken.</summary>
    public void Compact()
    {
        if (start == 0)
            return;
        if (start == end && bytes.Length > Small)
            bytes = new byte[Small];
        else
            bytes.AsSpan(start, end - start).CopyTo(bytes);
        end -= start;
        start = 0;
    }

    // Full, and not one whole frame in it. A length alone is not believed: the buffer doubles as bytes come.
    private void Grow()
    {
        var whole = FrameHeader.Size + FrameHeader.Parse(bytes).Length;
        Array.Resize(ref bytes, Math.Min(bytes.Length * 2, whole));
    }
}
