using System.Text;
using Naru.Rpc.Grpc;

namespace Naru.Tests.Rpc;

public sealed class HeaderSplitterTests
{
    private const byte Headers = 1, Continuation = 9, EndHeaders = 4;

    /// <summary>In pieces of every size, so that no frame's end is where a write's is.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task A_header_of_several_values_goes_out_as_several(int pieces)
    {
        byte[] block = [0x82, 0x20, .. Literal("x-one", "a, b"), .. Literal("x-many", "first\u001fsecond, third\u001f" + new string('z', 300))];
        byte[] sent = [.. Preface, .. Frame(4, 0, []), .. Frame(Headers, EndHeaders, block), .. Frame(0, 1, "data"u8.ToArray())];
        byte[] wanted = [0x82, 0x20, .. Literal("x-one", "a, b"), .. Literal("x-many", "first"), .. Literal("x-many", "second, third"), .. Literal("x-many", new string('z', 300))];
        byte[] expected = [.. Preface, .. Frame(4, 0, []), .. Frame(Headers, EndHeaders, wanted), .. Frame(0, 1, "data"u8.ToArray())];
        Assert.Equal(expected, await Pass(sent, pieces));
    }

    [Fact]
    public async Task A_block_that_is_cut_between_two_frames_is_read_as_one_and_kept_to_the_frames_limit()
    {
        var block = Literal("x-many", new string('a', 9000) + '\u001f' + new string('b', 12_000));
        byte[] sent = [.. Preface, .. Frame(Headers, 0, block[..3000]), .. Frame(Continuation, EndHeaders, block[3000..])];
        byte[] wanted = [.. Literal("x-many", new string('a', 9000)), .. Literal("x-many", new string('b', 12_000))];
        byte[] expected = [.. Preface, .. Frame(Headers, 0, wanted[..16384]), .. Frame(Continuation, EndHeaders, wanted[16384..])];
        Assert.Equal(expected, await Pass(sent, 5000));
    }

    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    private static async Task<byte[]> Pass(byte[] bytes, int pieces)
    {
        var inner = new MemoryStream();
        var splitter = new HeaderSplitter(inner);
        foreach (var piece in bytes.Chunk(pieces))
            await splitter.WriteAsync(piece);
        return inner.ToArray();
    }

    private static byte[] Frame(byte type, byte flags, byte[] payload) =>
        [(byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, type, flags, 0, 0, 0, 1, .. payload];

    /// <summary>RFC 7541 6.2.2, a new name; no Huffman code.</summary>
    private static byte[] Literal(string name, string value) => [0, .. Text(name), .. Text(value)];

    private static byte[] Text(string text)
    {
        var bytes = new List<byte>();
        var length = text.Length;
        if (length < 127)
        {
            bytes.Add((byte)length);
        }
        else
        {
            bytes.Add(127);
            for (length -= 127; length >= 128; length >>= 7)
                bytes.Add((byte)(length | 0x80));
            bytes.Add((byte)length);
        }

        return [.. bytes, .. Encoding.ASCII.GetBytes(text)];
    }
}
