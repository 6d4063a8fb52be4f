using System.Buffers.Binary;

namespace Naru.Tests.Runtime.Seccomp;

/// <summary>Runs a filter as the kernel does.</summary>
internal static class BpfMachine
{
    /// <returns>SECCOMP_RET_*.</returns>
    public static uint Run(ReadOnlySpan<byte> program, uint number, uint architecture, ReadOnlySpan<ulong> arguments)
    {
        Span<byte> data = stackalloc byte[64];
        data.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(data, number);
        BinaryPrimitives.WriteUInt32LittleEndian(data[4..], architecture);
        for (var index = 0; index < arguments.Length; index++)
            BinaryPrimitives.WriteUInt64LittleEndian(data[(16 + 8 * index)..], arguments[index]);
        uint accumulator = 0;
        for (var at = 0; ; at++)
        {
            var instruction = program.Slice(at * 8, 8);
            var value = BinaryPrimitives.ReadUInt32LittleEndian(instruction[4..]);
            switch (BinaryPrimitives.ReadUInt16LittleEndian(instruction))
            {
                case 0x20:
                    accumulator = BinaryPrimitives.ReadUInt32LittleEndian(data[(int)value..]);
                    break;
                case 0x54:
                    accumulator &= value;
                    break;
                case 0x05:
                    at += (int)value;
                    break;
                case 0x15:
                    at += accumulator == value ? instruction[2] : instruction[3];
                    break;
                case 0x25:
                    at += accumulator > value ? instruction[2] : instruction[3];
                    break;
                case 0x35:
                    at += accumulator >= value ? instruction[2] : instruction[3];
                    break;
                case 0x06:
                    return value;
                case var code:
                    throw new InvalidOperationException($"instruction {code:x} at {at}");
            }
        }
    }
}
