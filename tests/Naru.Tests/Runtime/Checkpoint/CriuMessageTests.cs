using Naru.Base;
using Naru.Runtime.Checkpoint;

namespace Naru.Tests.Runtime.Checkpoint;

public sealed class CriuMessageTests
{
    [Fact]
    public void A_request_is_fields_by_their_numbers()
    {
        var pair = new ProtoWriter();
        pair.Text(1, "/out");
        pair.Text(2, "/o");
        var request = new ProtoWriter();
        request.Number(1, 2);
        request.Flag(26, true);
        request.Number(38, 0x40000000);
        request.Message(23, pair);
        request.Number(2, -1);
        const string expected =
            "08" + "02" + // field 1, a number: RESTORE
            "d001" + "01" + // field 26: true
            "b002" + "8080808004" + // field 38: 0x40000000, seven bits a byte, the lowest first
            "ba01" + "0a" + // field 23, with its length:
            "0a" + "04" + "2f6f7574" + "12" + "02" + "2f6f" + // its fields 1 and 2
            "10" + "ffffffffffffffffff01"; // field 2: -1, as 64 bits
        Assert.Equal(expected, Convert.ToHexStringLower(request.Written));
    }

    [Fact]
    public void A_request_may_be_larger_than_its_first_buffer()
    {
        var request = new ProtoWriter();
        request.Text(1, new string('a', 5000));
        request.Number(2, 7);
        var reader = new ProtoReader(request.Written);
        Assert.True(reader.Next());
        Assert.Equal((1, 5000), (reader.Field, reader.Text.Length));
        Assert.True(reader.Next());
        Assert.Equal((2, 7L), (reader.Field, reader.Number));
        Assert.False(reader.Next());
    }

    [Theory]
    [InlineData("0806" + "1001" + "2a0d" + "0a09706f73742d64756d70" + "1007", CriuRequestType.Notify, true, "post-dump", 7, 0)]
    [InlineData("0802" + "1000" + "380d", CriuRequestType.Restore, false, "", 0, 13)]
    // A double and a float between, of which nobody knows.
    [InlineData("0801" + "a1060102030405060708" + "ad0601020304" + "1001", CriuRequestType.Dump, true, "", 0, 0)]
    internal void An_answer_is_read_whatever_else_is_in_it(string message, CriuRequestType type, bool success, string script, int pid, int errno)
    {
        var answer = CriuResponse.Parse(Convert.FromHexString(message));
        Assert.Equal((type, success, script, pid, errno), (answer.Type, answer.Success, answer.Script, answer.Pid, answer.Errno));
    }

    [Theory]
    [InlineData("5206" + "0804" + "1002" + "2001", 40201)]
    [InlineData("5204" + "0803" + "1011", 31700)]
    // v3.17-29-gabc: between two releases, it can what the next one can
    [InlineData("5209" + "0803" + "1011" + "1a03616263", 31800)]
    public void A_version_is_one_number(string message, int version) => Assert.Equal(version, CriuResponse.Parse(Convert.FromHexString(message)).Version);

    [Theory]
    [InlineData("08")]
    [InlineData("2a05" + "0a")]
    [InlineData("0b")]
    [InlineData("08ffffffffffffffffffffff")]
    [InlineData("2affffffffffffffffff01")]
    public void What_is_cut_off_or_of_no_kind_is_refused(string message) =>
        Assert.Throws<NaruException>(() => CriuResponse.Parse(Convert.FromHexString(message)));
}
