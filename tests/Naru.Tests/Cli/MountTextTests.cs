using Naru.Base.Flags;
using Naru.Cli.Commands.Containers;

namespace Naru.Tests.Cli;

public sealed class MountTextTests
{
    [Fact]
    public void A_mount_reads()
    {
        var mount = MountText.Parse("type=bind,source=/from,target=/to,readonly,bind-propagation=rslave");
        Assert.Equal(("bind", "/from", "/to", true, "rslave"), (mount.Type, mount.Source, mount.Target, mount.ReadOnly, mount.BindOptions?.Propagation));
        Assert.Equal("volume", MountText.Parse("dst=/to").Type);
        Assert.Equal((1048576L, 448u), (MountText.Parse("type=tmpfs,dst=/to,tmpfs-size=1m,tmpfs-mode=700").TmpfsOptions!.SizeBytes, MountText.Parse("type=tmpfs,dst=/to,tmpfs-mode=700").TmpfsOptions!.Mode));
        Assert.Equal("a,b", MountText.Parse("\"source=a,b\",target=/to").Source);
    }

    [Theory]
    [InlineData("type=bind", "target is required")]
    [InlineData("foo", "invalid field 'foo' must be a key=value pair")]
    [InlineData("foo=bar", "unexpected key 'foo' in 'foo=bar'")]
    [InlineData("type=volume,target=/x,bind-propagation=rshared", "cannot mix 'bind-*' options with mount type 'volume'")]
    [InlineData("type=tmpfs,target=/x,tmpfs-size=q", "invalid value for tmpfs-size: q")]
    [InlineData("", "value is empty")]
    public void A_mount_is_refused_in_Dockers_words(string text, string message) =>
        Assert.Equal(message, Assert.Throws<FlagException>(() => MountText.Parse(text)).Message);
}
