using Google.Protobuf.WellKnownTypes;
using Naru.Base;
using Naru.Rpc.Ttrpc;

namespace Naru.Tests.Rpc;

public sealed class FrameHeaderTests
{
    // length, big endian   stream 3, big endian   type: request   flags: remote closed
    private static readonly byte[] Wire = [0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x03, 0x01, 0x01];

    [Fact]
    public void A_header_reads_and_writes_as_on_the_wire()
    {
        var header = FrameHeader.Parse(Wire);
        Assert.Equal(new FrameHeader(2, 3, FrameType.Request, FrameFlags.RemoteClosed), header);
        var written = new byte[FrameHeader.Size];
        header.Write(written);
        Assert.Equal(Wire, written);
    }

    [Theory]
    [InlineData("FFFFFFFF 00000001 01 00")]
    [InlineData("00400001 00000001 01 00")]
    [InlineData("00000000 00000001 00 00")]
    [InlineData("00000000 00000001 04 00")]
    public void A_length_over_the_cap_and_an_unknown_type_are_refused(string hex) =>
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<NaruException>(() => FrameHeader.Parse(Convert.FromHexString(hex.Replace(" ", "")))).Kind);

    [Fact]
    public void A_message_over_the_cap_is_not_framed()
    {
        var message = new StringValue { Value = new string('x', FrameHeader.MaxLength) };
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<NaruException>(() => FrameHeader.Frame(1, FrameType.Response, message)).Kind);
    }
}
