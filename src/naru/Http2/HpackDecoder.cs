using System.Text;

namespace Naru.Cli.Http2;

/// <summary>Blocks of headers, read in the order in which they come: each changes the table for the next (RFC 7541).</summary>
internal sealed class HpackDecoder(HeaderTable table)
{
    /// <exception cref="Http2Exception">The block is malformed: the connection cannot go on.</exception>
    public List<HeaderField> Decode(ReadOnlySpan<byte> block)
    {
        var fields = new List<HeaderField>();
        while (!block.IsEmpty)
        {
            var first = block[0];
            if ((first & 0x80) != 0)
            {
                fields.Add(table[Integer(ref block, 7)]);
            }
            else if ((first & 0xE0) == 0x20)
            {
                if (fields.Count > 0)
                    throw Malformed("a change of the table's size after a header");
                table.Resize(Integer(ref block, 5));
            }
            else
            {
                var indexed = (first & 0x40) != 0;
                var index = Integer(ref block, indexed ? 6 : 4);
                var name = index > 0 ? table[index].Name : Text(ref block);
                var field = new HeaderField(name, Text(ref block));
                if (indexed)
                    table.Add(field);
                fields.Add(field);
            }
        }

        return fields;
    }

    /// <summary>Section 5.1: the first octet's low bits, and seven bits of each that follows when those are all ones.</summary>
    private static int Integer(ref ReadOnlySpan<byte> block, int bits)
    {
        if (block.IsEmpty)
            throw Malformed("a header that ends early");
        var most = (1 << bits) - 1;
        long value = block[0] & most;
        block = block[1..];
        if (value < most)
            return (int)value;
        for (var shift = 0; ; shift += 7)
        {
            if (block.IsEmpty)
                throw Malformed("a header that ends early");
            var octet = block[0];
            block = block[1..];
            value += (long)(octet & 0x7f) << shift;
            if (value > int.MaxValue || shift > 28)
                throw Malformed("an integer that is too large");
            if (octet < 0x80)
                return (int)value;
        }
    }

    private static string Text(ref ReadOnlySpan<byte> block)
    {
        var huffman = !block.IsEmpty && (block[0] & 0x80) != 0;
        var length = Integer(ref block, 7);
        if (length > block.Length)
            throw Malformed("a header that ends early");
        var octets = block[..length];
        block = block[length..];
        return Encoding.Latin1.GetString(huffman ? Huffman.Decode(octets) : octets);
    }

    private static Http2Exception Malformed(string what) => new(Http2Error.Compression, $"http2: {what}");
}
