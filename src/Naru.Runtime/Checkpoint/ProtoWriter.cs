using System.Text;

namespace Naru.Runtime.Checkpoint;

/// <summary>Writes a protobuf message (protobuf.dev, «Encoding»): varints, and fields that begin with their length. What CRIU's requests need, no more.</summary>
internal sealed class ProtoWriter
{
    private const int WithLength = 2;

    private byte[] _bytes = new byte[512];
    private int _length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public void Number(int field, long value)
    {
        Varint((ulong)field << 3);
        Varint((ulong)value);
    }

    public void Flag(int field, bool value) => Number(field, value ? 1 : 0);

    public void Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    public void Message(int field, ProtoWriter message) => Bytes(field, message.Written);

    private void Bytes(int field, ReadOnlySpan<byte> bytes)
    {
        Varint((ulong)field << 3 | WithLength);
        Varint((ulong)bytes.Length);
        while (_bytes.Length < _length + bytes.Length)
            Grow();
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    private void Varint(ulong value)
    {
        const int longest = 10;
        if (_bytes.Length < _length + longest)
            Grow();
        for (; value >= 0x80; value >>= 7)
            _bytes[_length++] = (byte)(value | 0x80);
        _bytes[_length++] = (byte)value;
    }

    private void Grow() => Array.Resize(ref _bytes, _bytes.Length * 2);
}
