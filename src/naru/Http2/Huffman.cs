namespace Naru.Cli.Http2;

/// <summary>HPACK's Huffman code (RFC 7541, appendix B), decoded.</summary>
/// <remarks>The code is canonical: within a length, codes ascend with their symbols. So the lengths say it all.</remarks>
internal static class Huffman
{
    private const int EndOfString = 256, LongestCode = 30;

    /// <summary>How many bits each symbol's code has.</summary>
    private static ReadOnlySpan<byte> Lengths =>
    [
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
        6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
        13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
        20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
        22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
        26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
        20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
        30,
    ];

    /// <summary>By length: the first code, and where its symbol is in <see cref="Symbols"/>.</summary>
    private static readonly uint[] First = new uint[LongestCode + 2];
    private static readonly int[] Offset = new int[LongestCode + 2];
    private static readonly short[] Symbols = new short[EndOfString + 1];

    static Huffman()
    {
        uint code = 0;
        var used = 0;
        for (var length = 1; length <= LongestCode + 1; length++)
        {
            code <<= 1;
            (First[length], Offset[length]) = (code, used);
            for (var symbol = 0; length <= LongestCode && symbol <= EndOfString; symbol++)
            {
                if (Lengths[symbol] != length)
                    continue;
                Symbols[used++] = (short)symbol;
                code++;
            }
        }
    }

    /// <exception cref="Http2Exception">The end-of-string symbol, or padding that is none (RFC 7541, section 5.2).</exception>
    public static byte[] Decode(ReadOnlySpan<byte> coded)
    {
        var text = new List<byte>(coded.Length * 2);
        uint code = 0;
        var length = 0;
        foreach (var octet in coded)
        {
            for (var bit = 7; bit >= 0; bit--)
            {
                code = (code << 1) | (uint)((octet >> bit) & 1);
                if (++length > LongestCode)
                    throw Malformed();
                var index = code - First[length];
                if (code < First[length] || index >= Offset[length + 1] - Offset[length])
                    continue;
                var symbol = Symbols[Offset[length] + (int)index];
                if (symbol == EndOfString)
                    throw Malformed();
                text.Add((byte)symbol);
                (code, length) = (0, 0);
            }
        }

        return length < 8 && code == (1u << length) - 1 ? [.. text] : throw Malformed();
    }

    private static Http2Exception Malformed() => new(Http2Error.Compression, "http2: a malformed Huffman string in a header");
}
