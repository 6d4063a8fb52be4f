using System.Text;
using Naru.Base;

namespace Naru.Runtime.Checkpoint;

/// <summary>A forward walk over the fields of a protobuf message; those that nobody asks for are passed over.</summary>
/// <exception cref="NaruException">Internal: the message is cut off, or has a field of a kind that there is not.</exception>
internal ref struct ProtoReader(ReadOnlySpan<byte> message)
{
    private const int Varint = 0, Eight = 1, WithLength = 2, Four = 5;

    private ReadOnlySpan<byte> _rest = message;

    /// <summary>The number of the field that <see cref="Next"/> stopped at.</summary>
    public int Field { get; private set; }

    /// <summary>A number, where the field is one; negative ones are as long as they can be.</summary>
    public long Number { get; private set; }

    /// <summary>A text's bytes or a message within, where the field is one.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    public readonly string Text => Encoding.UTF8.GetString(Bytes);

    public bool Next()
    {
        if (_rest.IsEmpty)
            return false;
        var tag = ReadVarint();
        Field = (int)(tag >> 3);
        Number = 0;
        Bytes = default;
        switch (tag & 7)
        {
            case Varint:
                Number = (long)ReadVarint();
                break;
            case WithLength:
                Bytes = Take(ReadVarint());
                break;
            case Eight:
                Take(8);
                break;
            case Four:
                Take(4);
                break;
            default:
                throw Malformed();
        }

        return true;
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Take(1)[0];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
                return value;
        }

        throw Malformed();
    }

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)_rest.Length)
            throw Malformed();
        var taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }

    private static NaruException Malformed() => new(ErrorKind.Internal, "criu sent what is no answer");
}
