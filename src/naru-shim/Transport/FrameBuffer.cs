using Naru.Rpc.Ttrpc;

namespace Naru.Shim.Transport;

/// <summary>Bytes of a connection until they are whole frames. Grows to the frame at hand and falls back when empty.</summary>
internal sealed class FrameBuffer
{
    private const int Small = 4096;
    private byte[] bytes = new byte[Small];
    private int start, end;

    /// <summary>Reads what is there; false at the end of the connection.</summary>
    public bool Fill(Descriptor connection)
    {
        while (true)
        {
            if (end == bytes.Length)
                MakeRoom();
            var count = connection.Read(bytes.AsSpan(end));
            if (count < 0)
                return true;
            if (count == 0)
                return false;
            end += count;
            if (end < bytes.Length)
                return true;
        }
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
        if (start == end && bytes.Length > Small)
            bytes = new byte[Small];
        else
            bytes.AsSpan(start, end - start).CopyTo(bytes);
        end -= start;
        start = 0;
    }

    // Fill runs between Compacts, so a full buffer holds a frame that is longer than it, or several.
    private void MakeRoom() => Array.Resize(ref bytes, Math.Min(bytes.Length * 2, (FrameHeader.MaxLength + FrameHeader.Size) * 2));
}
