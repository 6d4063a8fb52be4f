namespace Naru.Chain.Tests;

/// <summary>The docker client in naru's place.</summary>
public sealed class DockerClientTests(Engine engine) : IClassFixture<Engine>
{
    [ChainFact("docker")]
    public void Docker_runs_a_container() =>
        Assert.Equal(new(5, "out\n", "err\n"), Docker("run", "--rm", Engine.Image, "sh", "-c", "echo out; echo err >&2; exit 5"));

    [ChainFact("docker")]
    public void Docker_pipes_stdin_through() =>
        Assert.Equal(new(0, "piped", ""), engine.Cli(Programs.Original("docker"), "piped", "run", "-i", "--rm", Engine.Image, "cat"));

    [ChainFact("docker", "script")]
    public void Docker_gets_a_terminal()
    {
        // the client tells the size once the container runs
        var result = engine.Cli("script", null, "-qec", $"stty rows 24 cols 80; {Programs.Original("docker")} run --rm -it {Engine.Image} sh -c 'tty; for i in $(seq 100); do stty size >/dev/null 2>&1 && echo sized && break; sleep 0.1; done'", "/dev/null");
        // script gives its end of input to the terminal as a NUL, which the terminal may echo anywhere
        Assert.Equal((0, "/dev/pts/0\r\nsized\r\n"), (result.Code, result.Out.Replace("^@", "").Replace("\0", "")));
    }

    [ChainFact("docker")]
    public void Both_clients_see_the_same_containers()
    {
        Assert.Equal(0, Docker("run", "-d", "--name", "seen", "--network", "none", Engine.Image, "sleep", "60").Code);
        foreach (var columns in new[] { "{{.ID}} {{.Image}} {{.Command}} {{.Names}} {{.State}}", "table {{.Names}}\t{{.Status}}" })
        {
            Assert.Equal(Docker("ps", "--no-trunc", "--format", columns).Out, engine.Naru("ps", "--no-trunc", "--format", columns).Out);
        }
        Assert.Equal(Docker("images").Out, engine.Naru("images").Out);
        Assert.Equal(0, Docker("exec", "seen", "true").Code);
        Assert.Equal("seen\n", Docker("rm", "-f", "seen").Out);
    }

    private Result Docker(params string[] arguments) => engine.Cli(Programs.Original("docker"), null, arguments);
}
