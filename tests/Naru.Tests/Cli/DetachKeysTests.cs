using Naru.Base;
using Naru.Cli.Terminal;

namespace Naru.Tests.Cli;

public sealed class DetachKeysTests
{
    [Fact]
    public void The_whole_sequence_detaches_however_it_comes()
    {
        Assert.Null(DetachKeys.Parse(null).Filter([(byte)'a', 16, 17]));
        var keys = DetachKeys.Parse("ctrl-x,d");
        Assert.Equal([], keys.Filter([24])!);
        Assert.Null(keys.Filter([(byte)'d']));
    }

    [Fact]
    public void A_sequence_that_breaks_off_is_passed_on()
    {
        var keys = DetachKeys.Parse("ctrl-p,ctrl-q");
        Assert.Equal([], keys.Filter([16])!);
        Assert.Equal([16, (byte)'x'], keys.Filter("x"u8)!);
        Assert.Equal([16], keys.Filter([16, 16])!);
    }

    [Fact]
    public void A_key_that_does_not_exist_is_refused() =>
        Assert.Equal("invalid detach keys (foo): Unknown character: 'foo'", Assert.Throws<NaruException>(() => DetachKeys.Parse("foo")).Message);
}
