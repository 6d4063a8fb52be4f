using System.Buffers.Binary;
using System.Numerics;

namespace Naru.Runtime.Seccomp;

/// <summary>SHA-256 (FIPS 180-4), here because System.Security.Cryptography would open OpenSSL, which costs more than a whole container start.</summary>
internal static class Sha256
{
    private static readonly uint[] Constants = MakeConstants();

    public static byte[] Hash(ReadOnlySpan<byte> data)
    {
        Span<uint> state = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];
        var whole = data.Length / 64 * 64;
        for (var offset = 0; offset < whole; offset += 64)
            Compress(state, data.Slice(offset, 64));
        Span<byte> tail = stackalloc byte[128];
        tail.Clear();
        var rest = data[whole..];
        rest.CopyTo(tail);
        tail[rest.Length] = 0x80;
        var length = rest.Length < 56 ? 64 : 128;
        BinaryPrimitives.WriteUInt64BigEndian(tail[(length - 8)..], (ulong)data.Length * 8);
        for (var offset = 0; offset < length; offset += 64)
            Compress(state, tail.Slice(offset, 64));
        var digest = new byte[32];
        for (var index = 0; index < 8; index++)
            BinaryPrimitives.WriteUInt32BigEndian(digest.AsSpan(index * 4), state[index]);
        return digest;
    }

    private static void Compress(Span<uint> state, ReadOnlySpan<byte> block)
    {
        Span<uint> words = stackalloc uint[64];
        for (var index = 0; index < 16; index++)
            words[index] = BinaryPrimitives.ReadUInt32BigEndian(block[(index * 4)..]);
        for (var index = 16; index < 64; index++)
        {
            var (early, late) = (words[index - 15], words[index - 2]);
            words[index] = words[index - 16] + words[index - 7]
                + (BitOperations.RotateRight(early, 7) ^ BitOperations.RotateRight(early, 18) ^ (early >> 3))
                + (BitOperations.RotateRight(late, 17) ^ BitOperations.RotateRight(late, 19) ^ (late >> 10));
        }

        var (a, b, c, d, e, f, g, h) = (state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7]);
        for (var index = 0; index < 64; index++)
        {
            var first = h + (BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25))
                + ((e & f) ^ (~e & g)) + Constants[index] + words[index];
            var second = (BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22))
                + ((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e, d, c, b, a) = (g, f, e, d + first, c, b, a, first + second);
        }

        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }

    /// <summary>The first 32 bits of the fractional parts of the cube roots of the first 64 primes.</summary>
    private static uint[] MakeConstants()
    {
        var constants = new uint[64];
        var count = 0;
        for (uint candidate = 2; count < 64; candidate++)
        {
            var prime = true;
            for (uint divisor = 2; divisor * divisor <= candidate; divisor++)
                prime &= candidate % divisor != 0;
            if (prime)
                constants[count++] = RootFraction(candidate);
        }

        return constants;
    }

    /// <summary>floor(cbrt(prime) × 2^32) mod 2^32, exactly, by bisection.</summary>
    private static uint RootFraction(uint prime)
    {
        UInt128 target = (UInt128)prime << 96;
        ulong low = 0, high = 8UL << 32;
        while (high - low > 1)
        {
            var middle = low + (high - low) / 2;
            if ((UInt128)middle * middle * middle <= target)
                low = middle;
            else
                high = middle;
        }

        return (uint)low;
    }
}
