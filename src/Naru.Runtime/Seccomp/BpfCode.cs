using System.Buffers.Binary;

namespace Naru.Runtime.Seccomp;

/// <summary>Classic BPF as it grows: struct sock_filter, 8 bytes an instruction. Jumps say how many instructions they leave out.</summary>
internal sealed class BpfCode
{
    private const ushort Load = 0x20, And = 0x54, Jump = 0x05, JumpEqual = 0x15, JumpGreater = 0x25, JumpAtLeast = 0x35, Give = 0x06;

    private readonly List<ulong> instructions = [];

    public int Length => instructions.Count;

    /// <summary>The word of struct seccomp_data at that offset becomes the accumulator.</summary>
    public void LoadWord(uint offset) => Add(Load, 0, 0, offset);

    public void Mask(uint bits) => Add(And, 0, 0, bits);

    public void Return(uint action) => Add(Give, 0, 0, action);

    public void Equal(uint value, int yes, int no) => Branch(JumpEqual, value, yes, no);

    public void Greater(uint value, int yes, int no) => Branch(JumpGreater, value, yes, no);

    public void AtLeast(uint value, int yes, int no) => Branch(JumpAtLeast, value, yes, no);

    public void Append(BpfCode code) => instructions.AddRange(code.instructions);

    /// <summary>What comes next is left out where the accumulator is at least that, however long it is.</summary>
    public void SkipAtLeast(uint value, BpfCode below)
    {
        if (below.Length <= byte.MaxValue)
        {
            AtLeast(value, below.Length, 0);
        }
        else
        {
            AtLeast(value, 0, 1);
            Add(Jump, 0, 0, (uint)below.Length);
        }

        Append(below);
    }

    /// <summary>That code where the accumulator is equal, what comes next otherwise.</summary>
    public void WhereEqual(uint value, BpfCode then)
    {
        if (then.Length <= byte.MaxValue)
        {
            Equal(value, 0, then.Length);
        }
        else
        {
            Equal(value, 1, 0);
            Add(Jump, 0, 0, (uint)then.Length);
        }

        Append(then);
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[instructions.Count * 8];
        for (var index = 0; index < instructions.Count; index++)
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(index * 8), instructions[index]);
        return bytes;
    }

    private void Branch(ushort code, uint value, int yes, int no) => Add(code, checked((byte)yes), checked((byte)no), value);

    private void Add(ushort code, byte yes, byte no, uint value) => instructions.Add(code | (ulong)yes << 16 | (ulong)no << 24 | (ulong)value << 32);
}
