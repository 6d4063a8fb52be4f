using System.Buffers.Binary;

namespace Naru.Cli.Http2;

/// <summary>What stands before every frame: three bytes of length, type, flags, four bytes of stream (the top bit means nothing).</summary>
internal readonly record struct FrameHeader(int Length, FrameType Type, FrameFlags Flags, int Stream)
{
    public const int Size = 9;

    public bool Has(FrameFlags flag) => (Flags & flag) != 0;

    public static FrameHeader Read(ReadOnlySpan<byte> from) =>
        new((from[0] << 16) | (from[1] << 8) | from[2], (FrameType)from[3], (FrameFlags)from[4], BinaryPrimitives.ReadInt32BigEndian(from[5..]) & int.MaxValue);

    public void Write(Span<byte> into)
    {
        into[0] = (byte)(Length >> 16);
        into[1] = (byte)(Length >> 8);
        into[2] = (byte)Length;
        into[3] = (byte)Type;
        into[4] = (byte)Flags;
        BinaryPrimitives.WriteInt32BigEndian(into[5..], Stream);
    }
}
