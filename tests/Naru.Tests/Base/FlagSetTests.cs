using Naru.Base.Flags;

namespace Naru.Tests.Base;

public sealed class FlagSetTests
{
    private readonly FlagSet flags = new();
    private readonly ValueFlag<bool> interactive, tty, detach;
    private readonly ValueFlag<string> name;
    private readonly ListFlag publish, env, slice;
    private readonly ValueFlag<long> count;

    public FlagSetTests()
    {
        interactive = flags.Bool("interactive", 'i', "");
        tty = flags.Bool("tty", 't', "");
        detach = flags.Bool("detach", 'd', "", initial: true);
        name = flags.String("name", null, "");
        publish = flags.List("publish", 'p', "");
        env = flags.List("env", 'e', "");
        slice = flags.Slice("alias", null, "");
        count = flags.Int("last", 'n', "");
    }

    [Fact]
    public void Letters_cluster_and_the_last_takes_a_value()
    {
        Assert.Equal(["image"], flags.Parse(["-itp8080:80", "-p", "90:90", "-e=A=b", "image"]));
        Assert.True(interactive && tty);
        Assert.Equal(["8080:80", "90:90"], publish.Values);
        Assert.Equal(["A=b"], env.Values);
    }

    [Fact]
    public void A_switch_takes_a_value_only_behind_an_equals_sign()
    {
        Assert.Equal(["false"], flags.Parse(["--detach=false", "--tty", "false"]));
        Assert.False(detach);
        Assert.True(tty);
    }

    [Fact]
    public void Two_dashes_end_the_flags()
    {
        Assert.Equal(["a", "--tty", "-x"], flags.Parse(["a", "--", "--tty", "-x"]));
        Assert.Equal(1, flags.PositionalsBeforeDash);
        Assert.False(tty);
    }

    [Fact]
    public void The_first_positional_ends_the_flags_where_they_do_not_mix()
    {
        flags.Interspersed = false;
        Assert.Equal(["busybox", "ls", "-i"], flags.Parse(["-t", "busybox", "ls", "-i"]));
        Assert.False(interactive);
    }

    [Fact]
    public void A_lone_dash_is_a_positional() => Assert.Equal(["-"], flags.Parse(["-"]));

    [Fact]
    public void A_slice_takes_several_values_between_commas()
    {
        flags.Parse(["--alias", "a,b", "--alias=\"c,d\""]);
        Assert.Equal(["a", "b", "c,d"], slice.Values);
    }

    [Theory]
    [InlineData("unknown flag: --nosuch", "--nosuch")]
    [InlineData("unknown flag: --nosuch", "--nosuch=1")]
    [InlineData("unknown shorthand flag: 'Z' in -Zq", "-iZq")]
    [InlineData("flag needs an argument: --name", "--name")]
    [InlineData("flag needs an argument: 'p' in -p", "-ip")]
    [InlineData("bad flag syntax: ---x", "---x")]
    [InlineData("bad flag syntax: --=x", "--=x")]
    [InlineData("invalid argument \"maybe\" for \"-t, --tty\" flag: strconv.ParseBool: parsing \"maybe\": invalid syntax", "--tty=maybe")]
    [InlineData("invalid argument \"x\" for \"-n, --last\" flag: strconv.ParseInt: parsing \"x\": invalid syntax", "-nx")]
    public void Refusals_are_in_pflags_words(string message, string word) =>
        Assert.Equal(message, Assert.Throws<FlagException>(() => flags.Parse([word])).Message);

    [Fact]
    public void Help_is_noticed_without_a_flag_of_that_name()
    {
        flags.Parse(["--tty", "-h"]);
        Assert.True(flags.HelpWanted);
    }

    [Fact]
    public void Whole_numbers_may_be_hexadecimal()
    {
        flags.Parse(["-n", "0x10"]);
        Assert.Equal(16, count.Value);
        Assert.Equal("", name.Value);
    }
}
