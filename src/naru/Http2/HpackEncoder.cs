using System.Text;

namespace Naru.Cli.Http2;

/// <summary>Blocks of headers in HPACK's plainest form: every name and value spelt out, nothing kept in a table.</summary>
internal static class HpackEncoder
{
    public static byte[] Encode(IReadOnlyList<HeaderField> fields)
    {
        var block = new List<byte>(64 * fields.Count);
        foreach (var field in fields)
        {
            // Literal, never put into the other side's table (RFC 7541, section 6.2.2).
            block.Add(0);
            Text(block, field.Name);
            Text(block, field.Value);
        }

        return [.. block];
    }

    private static void Text(List<byte> block, string text)
    {
        var octets = Encoding.Latin1.GetBytes(text);
        Integer(block, octets.Length, 7);
        block.AddRange(octets);
    }

    private static void Integer(List<byte> block, int value, int bits)
    {
        var most = (1 << bits) - 1;
        if (value < most)
        {
            block.Add((byte)value);
            return;
        }

        block.Add((byte)most);
        for (value -= most; value >= 0x80; value >>= 7)
            block.Add((byte)(value | 0x80));
        block.Add((byte)value);
    }
}
