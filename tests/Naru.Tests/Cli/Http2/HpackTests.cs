using System.Globalization;
using Naru.Cli.Http2;

namespace Naru.Tests.Cli.Http2;

/// <summary>The examples of RFC 7541, appendix C.</summary>
public sealed class HpackTests
{
    /// <summary>Hex with comments after # on each line.</summary>
    internal static byte[] Hex(string annotated)
    {
        var digits = string.Concat(annotated.Split('\n').Select(line => line.Split('#')[0]).SelectMany(line => line.Where(char.IsAsciiHexDigit)));
        return [.. Enumerable.Range(0, digits.Length / 2).Select(at => byte.Parse(digits.AsSpan(2 * at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
    }

    private static string Text(IEnumerable<HeaderField> fields) => string.Join('\n', fields.Select(field => $"{field.Name}: {field.Value}"));

    [Theory]
    [InlineData("f1e3 c2e5 f23a 6ba0 ab90 f4ff", "www.example.com")]
    [InlineData("a8eb 1064 9cbf", "no-cache")]
    [InlineData("25a8 49e9 5ba9 7d7f", "custom-key")]
    [InlineData("6402", "302")]
    [InlineData("d07a be94 1054 d444 a820 0595 040b 8166 e082 a62d 1bff", "Mon, 21 Oct 2013 20:13:21 GMT")]
    [InlineData("94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07", "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1")]
    public void Huffman_strings_decode(string coded, string text) => Assert.Equal(text, System.Text.Encoding.ASCII.GetString(Huffman.Decode(Hex(coded))));

    [Theory]
    [InlineData("ffff ffff")] // the end-of-string symbol
    [InlineData("f1e3 c2e5 f23a 6ba0 ab90 f400")] // padded with zeros
    [InlineData("a8eb 1064 9cbf ff")] // eight bits of padding
    public void Huffman_strings_that_end_wrongly_are_refused(string coded) =>
        Assert.Equal(Http2Error.Compression, Assert.Throws<Http2Exception>(() => Huffman.Decode(Hex(coded))).Error);

    [Fact]
    public void A_literal_with_indexing_enters_the_table()
    {
        var table = new HeaderTable();
        var fields = new HpackDecoder(table).Decode(Hex("""
            40 # literal, indexed, new name
            0a 6375 7374 6f6d 2d6b 6579 # custom-key
            0d 6375 7374 6f6d 2d68 6561 6465 72 # custom-header
            """));
        Assert.Equal("custom-key: custom-header", Text(fields));
        Assert.Equal(55, table.Size);
        Assert.Equal(new HeaderField("custom-key", "custom-header"), table[62]);
    }

    [Fact]
    public void Three_requests_share_a_table()
    {
        // C.4: with Huffman coding.
        var table = new HeaderTable();
        var decoder = new HpackDecoder(table);
        Assert.Equal(":method: GET\n:scheme: http\n:path: /\n:authority: www.example.com", Text(decoder.Decode(Hex("8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff"))));
        Assert.Equal(":method: GET\n:scheme: http\n:path: /\n:authority: www.example.com\ncache-control: no-cache", Text(decoder.Decode(Hex("8286 84be 5886 a8eb 1064 9cbf"))));
        Assert.Equal(":method: GET\n:scheme: https\n:path: /index.html\n:authority: www.example.com\ncustom-key: custom-value", Text(decoder.Decode(Hex("8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf"))));
        Assert.Equal(164, table.Size);
        Assert.Equal("custom-key", table[62].Name);
        Assert.Equal("www.example.com", table[64].Value);
    }

    [Fact]
    public void A_full_table_forgets_its_oldest_entries()
    {
        // C.6: three answers, and a table of 256 octets.
        var table = new HeaderTable(256);
        var decoder = new HpackDecoder(table);
        decoder.Decode(Hex("4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3"));
        Assert.Equal(222, table.Size);
        Assert.Equal(":status: 307\ncache-control: private\ndate: Mon, 21 Oct 2013 20:13:21 GMT\nlocation: https://www.example.com", Text(decoder.Decode(Hex("4883 640e ffc1 c0bf"))));
        Assert.Equal(222, table.Size);
        Assert.Equal(":status", table[62].Name);
        var last = decoder.Decode(Hex("88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07"));
        Assert.Equal("foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1", last[^1].Value);
        Assert.Equal(215, table.Size);
        Assert.Equal(3, table.Count);
    }

    [Theory]
    [InlineData("c0")] // an index that nothing has
    [InlineData("80")] // index 0
    [InlineData("40 0a 63")] // a name that ends early
    [InlineData("1f ffff ffff ffff ff0f")] // an integer without end
    [InlineData("82 20")] // the table's size after a header
    [InlineData("3f e2ff 03")] // a table of 65 kB
    public void A_malformed_block_is_a_compression_error(string block) =>
        Assert.Equal(Http2Error.Compression, Assert.Throws<Http2Exception>(() => new HpackDecoder(new HeaderTable()).Decode(Hex(block))).Error);

    [Fact]
    public void What_is_encoded_decodes_to_the_same()
    {
        var fields = new List<HeaderField> { new(":path", "/a.B/C"), new("x", ""), new("long", new string('v', 5000)) };
        Assert.Equal(Text(fields), Text(new HpackDecoder(new HeaderTable()).Decode(HpackEncoder.Encode(fields))));
    }
}
