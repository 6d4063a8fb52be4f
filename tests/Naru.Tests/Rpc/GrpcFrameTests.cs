using System.IO.Pipelines;
using Google.Protobuf.WellKnownTypes;
using Naru.Base;
using Naru.Rpc.Grpc;

namespace Naru.Tests.Rpc;

public sealed class GrpcFrameTests
{
    private static async Task<(List<string> Read, ErrorKind? Failure)> ReadAsync(byte[] bytes, int piece)
    {
        var pipe = new Pipe();
        var writing = Task.Run(async () =>
        {
            foreach (var part in bytes.Chunk(piece))
            {
                await pipe.Writer.WriteAsync(part);
            }
            await pipe.Writer.CompleteAsync();
        });
        var read = new List<string>();
        ErrorKind? failed = null;
        try
        {
            while (await GrpcFrame.ReadAsync(pipe.Reader, StringValue.Parser, CancellationToken.None) is { } message)
            {
                read.Add(message.Value);
            }
        }
        catch (NaruException failure)
        {
            failed = failure.Kind;
        }
        await pipe.Reader.CompleteAsync();
        await writing;
        return (read, failed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    public async Task Messages_may_come_in_any_pieces(int piece)
    {
        byte[] bytes = [.. GrpcFrame.ToArray(new StringValue { Value = "one" }), .. GrpcFrame.ToArray(new StringValue()), .. GrpcFrame.ToArray(new StringValue { Value = new string('x', 5000) })];
        var (read, failure) = await ReadAsync(bytes, piece);
        Assert.Equal(["one", "", new string('x', 5000)], read);
        Assert.Null(failure);
    }

    [Theory]
    // compressed
    [InlineData("01 00000000", ErrorKind.Unimplemented)]
    // a length of 4 GB less one
    [InlineData("00 FFFFFFFF", ErrorKind.InvalidArgument)]
    // no such message: a tag without its value
    [InlineData("00 00000001 0A", ErrorKind.InvalidArgument)]
    // the stream ends within the message, and within the header
    [InlineData("00 00000005 0A", ErrorKind.Internal)]
    [InlineData("00 0000", ErrorKind.Internal)]
    public async Task What_is_no_message_is_refused(string hex, ErrorKind kind) =>
        Assert.Equal(kind, (await ReadAsync(Convert.FromHexString(hex.Replace(" ", "")), 3)).Failure);

    [Fact]
    public async Task Random_bytes_end_in_an_error_or_in_messages()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var bytes = new byte[random.Next(1, 200)];
            random.NextBytes(bytes);
            bytes[0] = (byte)(seed % 2);
            if (bytes.Length > 4 && seed % 3 == 0)
            {
                bytes[1] = bytes[2] = bytes[3] = 0;
            }
            await ReadAsync(bytes, random.Next(1, 50));
        }
    }

    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("100 % ünï\n", "100 %25 %C3%BCn%C3%AF%0A")]
    public void A_status_text_crosses_as_ascii(string text, string encoded)
    {
        Assert.Equal(encoded, GrpcFrame.EncodeMessage(text));
        Assert.Equal(text, GrpcFrame.DecodeMessage(encoded));
    }
}
