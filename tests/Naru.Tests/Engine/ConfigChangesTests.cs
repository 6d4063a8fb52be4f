using Naru.Base;
using Naru.Engine.Images;
using Naru.Oci;

namespace Naru.Tests.Engine;

public sealed class ConfigChangesTests
{
    [Fact]
    public void Every_instruction_that_changes_a_config_does()
    {
        var config = ConfigChanges.Apply(new ContainerDefaults { Env = ["PATH=/bin", "A=0"], WorkingDir = "/w" }, [
            "ENTRYPOINT /bin/x y", "CMD [\"x\", \"y z\"]", "ENV A=b 'C=d e'", "ENV OLD one two", "LABEL l=m n=\"o p\"", "EXPOSE 80 53/udp 90-91", "USER u", "WORKDIR sub",
            "VOLUME /v /w", "HEALTHCHECK --interval=5s --retries=2 CMD curl x", "STOPSIGNAL 9", "ONBUILD RUN x", "env PATH=$PATH:${A}",
        ]);
        Assert.Equal(["/bin/sh", "-c", "/bin/x y"], config.Entrypoint);
        Assert.Equal(["x", "y z"], config.Cmd);
        Assert.Equal(["PATH=/bin:b", "A=b", "C=d e", "OLD=one two"], config.Env);
        Assert.Equal([("l", "m"), ("n", "o p")], config.Labels!.Select(label => (label.Key, label.Value)));
        Assert.Equal(["53/udp", "80/tcp", "90/tcp", "91/tcp"], config.ExposedPorts!.Keys);
        Assert.Equal(("u", "/w/sub", "9"), (config.User, config.WorkingDir, config.StopSignal));
        Assert.Equal(["/v", "/w"], config.Volumes!.Keys);
        Assert.Equal(["CMD-SHELL", "curl x"], config.Healthcheck!.Test);
        Assert.Equal((5_000_000_000, 2), (config.Healthcheck.Interval, config.Healthcheck.Retries));
        Assert.Equal(["RUN x"], config.OnBuild);
    }

    [Theory]
    [InlineData("RUN x", "RUN is not a valid change command")]
    [InlineData("BOGUS x", "BOGUS is not a valid change command")]
    [InlineData("ENV A", "ENV must have two arguments")]
    [InlineData("EXPOSE 99999", "invalid containerPort: 99999")]
    [InlineData("HEALTHCHECK NONE x", "HEALTHCHECK NONE takes no arguments")]
    [InlineData("HEALTHCHECK --interval=x CMD y", "time: invalid duration \"x\"")]
    [InlineData("USER", "USER requires at least one argument")]
    public void What_is_none_is_refused_by_name(string change, string message)
    {
        var refused = Assert.Throws<NaruException>(() => ConfigChanges.Apply(new ContainerDefaults(), [change]));
        Assert.Equal((ErrorKind.InvalidArgument, message), (refused.Kind, refused.Message));
    }
}
