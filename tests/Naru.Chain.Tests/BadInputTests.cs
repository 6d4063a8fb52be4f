namespace Naru.Chain.Tests;

/// <summary>Mistakes get Docker's words and exit codes, and leave nothing behind.</summary>
public sealed class BadInputTests(Engine engine) : IClassFixture<Engine>
{
    [ChainFact]
    public void A_command_that_is_not_there_is_127()
    {
        var result = engine.Naru("run", "--rm", Engine.Image, "no-such-command");
        Assert.Equal(127, result.Code);
        Assert.Contains("exec: \"no-such-command\": executable file not found in $PATH", result.Error);
        Assert.Equal("", engine.Must("ps", "-aq"));
    }

    [ChainFact]
    public void A_file_that_is_not_a_program_is_126()
    {
        var result = engine.Naru("run", "--rm", Engine.Image, "/etc/passwd");
        Assert.Equal(126, result.Code);
        Assert.Contains("permission denied", result.Error);
        Assert.Equal("", engine.Must("ps", "-aq"));
    }

    [ChainFact]
    public void An_unknown_image_is_named()
    {
        var result = engine.Naru("run", "--pull", "never", "no-such-image:1");
        Assert.Equal(125, result.Code);
        Assert.Contains("No such image: no-such-image:1", result.Error);
    }

    [ChainFact]
    public void A_name_in_use_is_refused()
    {
        var id = engine.Must("create", "--name", "taken", Engine.Image);
        var second = engine.Naru("create", "--name", "taken", Engine.Image);
        Assert.Equal(1, second.Code);
        Assert.Contains($"Conflict. The container name \"/taken\" is already in use by container \"{id}\". You have to remove (or rename) that container to be able to reuse that name.", second.Error);
        engine.Must("rm", "taken");
    }

    [ChainFact]
    public void A_container_that_is_not_there_is_named()
    {
        var result = engine.Naru("stop", "nobody");
        Assert.Equal(1, result.Code);
        Assert.Contains("No such container: nobody", result.Error);
    }

    [ChainFact]
    public void A_wrong_flag_is_125()
    {
        var result = engine.Naru("run", "--no-such-flag", Engine.Image);
        Assert.Equal(125, result.Code);
        Assert.Contains("unknown flag: --no-such-flag", result.Error);
    }

    [ChainFact]
    public void A_daemon_that_is_not_there_is_said_so()
    {
        var result = Command.Run(Programs.Naru, ["-H", "unix:///tmp/no-such.sock", "ps"]);
        Assert.Equal(1, result.Code);
        Assert.Contains("Cannot connect to the Docker daemon at unix:///tmp/no-such.sock. Is the docker daemon running?", result.Error);
    }

    [ChainFact]
    public void A_missing_bind_source_is_refused()
    {
        var result = engine.Naru("run", "--rm", "--mount", "type=bind,source=/no-such-folder,target=/x", Engine.Image, "true");
        Assert.Equal(125, result.Code);
        Assert.Contains("bind source path does not exist: /no-such-folder", result.Error);
        Assert.Equal("", engine.Must("ps", "-aq"));
    }

    [ChainFact]
    public void Bad_JSON_is_400_with_a_message()
    {
        var answer = Command.Must("curl", "-s", "--unix-socket", engine.Folder["naru.sock"], "-H", "Content-Type: application/json", "-d", "{", "http://naru/v1.51/containers/create");
        Assert.Equal("""{"message":"invalid JSON: unexpected EOF"}""", answer);
    }
}
