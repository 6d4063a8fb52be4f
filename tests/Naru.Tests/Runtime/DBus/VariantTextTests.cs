using Naru.Base;
using Naru.Runtime.DBus;

namespace Naru.Tests.Runtime.DBus;

public sealed class VariantTextTests
{
    [Theory]
    [InlineData("7", "i", "07000000")]
    [InlineData("-1", "i", "ffffffff")]
    [InlineData("0x10", "i", "10000000")]
    [InlineData("010", "i", "08000000")]
    [InlineData("1.5", "d", "000000000000f83f")]
    [InlineData("1e3", "d", "0000000000408f40")]
    [InlineData("uint64 18446744073709551615", "t", "ffffffffffffffff")]
    [InlineData("int16 -2", "n", "feff")]
    [InlineData("byte 255", "y", "ff")]
    [InlineData("true", "b", "01000000")]
    [InlineData("false", "b", "00000000")]
    [InlineData("'it\\'s'", "s", "0400000069742773" + "00")]
    [InlineData("\"\\u00e9\\n\"", "s", "03000000c3a90a00")]
    [InlineData("objectpath '/a'", "o", "020000002f6100")]
    [InlineData("b'a\\n'", "ay", "03000000610a00")]
    [InlineData("['a', 'b']", "as", "0e000000" + "0100000061000000" + "010000006200")]
    [InlineData("[1, uint16 2]", "aq", "0400000001000200")]
    [InlineData("@as []", "as", "00000000")]
    [InlineData("<'x'>", "v", "01730000" + "010000007800")]
    [InlineData("{'k': <1>}", "a{sv}", "10000000" + "00000000" + "01000000" + "6b00" + "016900" + "000000" + "01000000")]
    public void Values_are_read_as_runc_reads_them(string text, string type, string marshalled)
    {
        var value = VariantText.Parse(text);
        Assert.Equal(type, value.Signature);
        var writer = new DBusWriter();
        writer.Value(value);
        Assert.Equal(marshalled, Convert.ToHexStringLower(writer.Written));
    }

    [Theory]
    [InlineData("")]
    [InlineData("'open")]
    [InlineData("[1, 'a']")]
    [InlineData("[1,")]
    [InlineData("[]")]
    [InlineData("1 2")]
    [InlineData("nonsense")]
    [InlineData("byte 256")]
    [InlineData("uint32 -1")]
    [InlineData("int32 int32 1")]
    [InlineData("0x")]
    [InlineData("1x")]
    [InlineData("{'a' 1}")]
    [InlineData("'\\u12'")]
    [InlineData("@i 'a'")]
    public void What_is_no_value_is_refused(string text) => Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<NaruException>(() => VariantText.Parse(text)).Kind);
}
