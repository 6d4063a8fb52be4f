using Naru.Base;
using Naru.Runtime.DBus;

namespace Naru.Tests.Runtime.DBus;

public sealed class DBusMessageTests
{
    [Fact]
    public void A_call_is_what_the_specification_draws()
    {
        var body = new DBusWriter();
        body.Value(DBusValue.Of("a.scope"));
        var call = new DBusMessage { Type = DBusMessage.MethodCall, Serial = 7, Path = "/o", Interface = "i.M", Member = "Go", Destination = "d", Signature = "s", Body = body.Written.ToArray() };
        const string expected =
            "6c010001" + // little-endian, a call, no flags, version 1
            "0c000000" + // the body's length
            "07000000" + // serial
            "47000000" + // the fields' length
            "01016f00" + "02000000" + "2f6f00" + "0000000000" + // path, a variant of type o
            "02017300" + "03000000" + "692e4d00" + "00000000" + // interface
            "03017300" + "02000000" + "476f00" + "0000000000" + // member
            "06017300" + "01000000" + "6400" + "000000000000" + // destination
            "08016700" + "017300" + // the body's signature
            "00" + // the body begins at a multiple of eight
            "07000000" + "612e73636f706500";
        Assert.Equal(expected, Convert.ToHexStringLower(call.ToBytes()));
        Assert.Equal(call.ToBytes().Length, DBusMessage.LengthOf(call.ToBytes()));
        var read = DBusMessage.Parse(call.ToBytes());
        Assert.Equal(("/o", "i.M", "Go", "d", "s", 7u), (read.Path, read.Interface, read.Member, read.Destination, read.Signature, read.Serial));
        Assert.Equal("a.scope", new DBusReader(read.Body).Text());
    }

    [Fact]
    public void Items_of_an_array_are_aligned_and_what_aligns_the_first_is_not_counted()
    {
        var writer = new DBusWriter();
        writer.Value(DBusValue.Of(1u));
        writer.Value(new DBusValue.Array("(sv)", [new DBusValue.Struct([DBusValue.Of("N"), new DBusValue.Variant(DBusValue.Of(5ul))]), new DBusValue.Struct([DBusValue.Of("B"), new DBusValue.Variant(DBusValue.Of(true))])]));
        writer.Value(new DBusValue.Array("t", []));
        const string expected =
            "01000000" +
            "28000000" + // 40 bytes of items, from here on at a multiple of eight
            "01000000" + "4e00" + "017400" + "00000000000000" + "0500000000000000" + // «N», variant t, aligned
            "01000000" + "4200" + "016200" + "000000" + "01000000" + // «B», variant b
            "00000000" + "00000000"; // no items, aligned all the same
        Assert.Equal(expected, Convert.ToHexStringLower(writer.Written));
    }

    [Theory]
    [InlineData("42010001000000000100000000000000")] // big-endian
    [InlineData("6c010002000000000100000000000000")] // version 2
    [InlineData("6c010001ffffff7f0100000000000000")] // two gigabytes
    public void What_is_no_message_is_refused(string bytes) => Assert.Throws<NaruException>(() => { DBusMessage.LengthOf(Convert.FromHexString(bytes)); });

    [Fact]
    public void A_message_that_ends_too_early_is_refused() =>
        Assert.Contains("ends too early", Assert.Throws<NaruException>(() => { DBusMessage.Parse(Convert.FromHexString("6c0200010000000001000000080000000801670005730000")); }).Message);
}
