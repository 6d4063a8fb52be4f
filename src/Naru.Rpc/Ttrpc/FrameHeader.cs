using System.Buffers.Binary;

namespace Naru.Rpc.Ttrpc;

/// <summary>The ten bytes before each ttrpc payload: length (4, big endian), stream id (4, big endian), type, flags.</summary>
/// <remarks>ttrpc's PROTOCOL.md. A client's stream ids are odd and grow.</remarks>
public readonly record struct FrameHeader(int Length, uint StreamId, FrameType Type, FrameFlags Flags)
{
    public const int Size = 10;

    /// <summary>The longest payload either side may send.</summary>
    public const int MaxLength = 4 << 20;

    /// <exception cref="NaruException">InvalidArgument: the length is over the cap or the type is unknown. The connection is to be closed.</exception>
    public static FrameHeader Parse(ReadOnlySpan<byte> bytes)
    {
        var length = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        var type = (FrameType)bytes[8];
        if (length > MaxLength)
            throw NaruException.Invalid($"ttrpc frame of {length} bytes is over the cap of {MaxLength}");
        if (type is not (FrameType.Request or FrameType.Response or FrameType.Data))
            throw NaruException.Invalid($"ttrpc frame of unknown type {bytes[8]}");
        return new FrameHeader((int)length, BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]), type, (FrameFlags)bytes[9]);
    }

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteInt32BigEndian(destination, Length);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], StreamId);
        destination[8] = (byte)Type;
        destination[9] = (byte)Flags;
    }

    /// <summary>A whole frame around a message.</summary>
    /// <exception cref="NaruException">InvalidArgument: the message is over the cap.</exception>
    public static byte[] Frame(uint streamId, FrameType type, IMessage message)
    {
        var length = message.CalculateSize();
        if (length > MaxLength)
            throw NaruException.Invalid($"ttrpc message of {length} bytes is over the cap of {MaxLength}");
        var frame = new byte[Size + length];
        new FrameHeader(length, streamId, type, FrameFlags.None).Write(frame);
        message.WriteTo(frame.AsSpan(Size));
        return frame;
    }
}
