namespace Naru.Chain.Tests;

/// <summary>What a person does with containers on the first day, through all five programs.</summary>
public sealed class FirstDayTests(Engine engine) : IClassFixture<Engine>
{
    private const string Image = Engine.Image;

    [ChainFact]
    public void Run_prints_and_passes_the_exit_code_on() =>
        Assert.Equal(new(7, "out\n", "err\n"), engine.Naru("run", "--rm", Image, "sh", "-c", "echo out; echo err >&2; exit 7"));

    [ChainFact]
    public void A_container_is_listed_logged_stopped_and_removed()
    {
        var id = engine.Must("run", "-d", "--name", "life", Image, "sh", "-c", "echo hello; trap 'exit 3' TERM; while :; do sleep 0.1; done");
        Assert.Equal(64, id.Length);
        Command.Until(() => engine.Must("logs", "life") == "hello", "the log");
        Assert.Equal("life", engine.Must("ps", "--format", "{{.Names}}", "--filter", "name=life"));
        Assert.Equal("life", engine.Must("stop", "life"));
        Assert.Equal("3", engine.Must("wait", "life"));
        Assert.Contains("Exited (3)", engine.Must("ps", "-a", "--filter", "name=life"));
        Assert.Equal("life", engine.Must("rm", "life"));
        Assert.Equal("", engine.Must("ps", "-aq", "--filter", "name=life"));
    }

    [ChainFact]
    public void Stdin_goes_through_and_ends() =>
        Assert.Equal(new(0, "3 14\n", ""), engine.Cli(Programs.Naru, "one\ntwo\nthree\n", "run", "-i", "--rm", Image, "sh", "-c", "wc -lc | tr -s ' ' | sed 's/^ //'"));

    [ChainFact]
    public void A_large_stdin_comes_out_whole()
    {
        var text = new string('x', 3_000_000);
        var result = engine.Cli(Programs.Naru, text, "run", "-i", "--rm", Image, "cat");
        Assert.Equal((0, text.Length), (result.Code, result.Out.Length));
    }

    [ChainFact]
    public void Exec_runs_in_the_container_and_passes_its_code_on()
    {
        engine.Must("run", "-d", "--name", "exec", "-e", "A=1", Image, "sleep", "60");
        Assert.Equal(new(4, "1 2 /tmp 33\n", ""), engine.Naru("exec", "-e", "B=2", "-w", "/tmp", "-u", "www", "exec", "sh", "-c", "echo $A $B $PWD $(id -u); exit 4"));
        Assert.Equal(new(0, "piped", ""), engine.Cli(Programs.Naru, "piped", "exec", "-i", "exec", "cat"));
        Assert.Equal(127, engine.Naru("exec", "exec", "no-such-command").Code);
        engine.Must("rm", "-f", "exec");
    }

    [ChainFact]
    public void A_published_port_answers()
    {
        engine.Must("run", "-d", "--name", "web", "-p", "127.0.0.1:8080:80", Image, "sh", "-c", "echo page >/var/www/index.html; exec httpd -f -p 80 -h /var/www");
        Command.Until(() => engine.Curl("http://127.0.0.1:8080/").Out == "page\n", "the page");
        Assert.Equal("127.0.0.1:8080->80/tcp", engine.Must("ps", "--filter", "name=web", "--format", "{{.Ports}}"));
        engine.Must("rm", "-f", "web");
        Assert.NotEqual(0, engine.Curl("http://127.0.0.1:8080/").Code);
    }

    [ChainFact]
    public void A_port_that_is_taken_is_refused()
    {
        engine.Must("run", "-d", "--name", "first", "-p", "8081:80", Image, "sleep", "60");
        var second = engine.Naru("run", "-d", "--name", "second", "-p", "8081:80", Image, "sleep", "60");
        Assert.Equal(125, second.Code);
        Assert.Contains("port is already allocated", second.Error);
        engine.Must("rm", "-f", "first", "second");
    }

    [ChainFact]
    public void A_volume_keeps_what_was_written()
    {
        engine.Must("run", "--rm", "-v", "kept:/data", Image, "sh", "-c", "echo here >/data/file");
        Assert.Equal("here", engine.Must("run", "--rm", "-v", "kept:/data:ro", Image, "cat", "/data/file"));
        Assert.NotEqual(0, engine.Naru("run", "--rm", "-v", "kept:/data:ro", Image, "touch", "/data/more").Code);
        Assert.Equal("kept", engine.Must("volume", "rm", "kept"));
    }

    [ChainFact]
    public void The_memory_limit_is_set_on_the_group() =>
        Assert.Equal("33554432", engine.Must("run", "--rm", "--memory", "32m", Image, "sh", "-c", "cat /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null || cat /sys/fs/cgroup/memory.max"));

    [ChainFact]
    public void Environment_folder_user_and_name_are_as_asked() =>
        Assert.Equal("v /tmp 33:33 box", engine.Must("run", "--rm", "-e", "K=v", "-w", "/tmp", "-u", "www", "--hostname", "box", Image, "sh", "-c", "echo $K $PWD $(id -u):$(id -g) $(hostname)"));

    [ChainFact("docker-registry")]
    public void An_image_goes_to_a_registry_and_comes_back()
    {
        using var registry = new Registry(engine.Namespace, engine.Folder["registry"]);
        var name = $"127.0.0.1:{registry.Port}/busybox:pushed";
        engine.Must("tag", Image, name);
        Assert.Contains("digest: sha256:", engine.Must("push", name));
        engine.Must("rmi", name);
        Assert.Contains("Status: Downloaded newer image for " + name, engine.Must("pull", name));
        Assert.Equal("back", engine.Must("run", "--rm", name, "echo", "back"));
        engine.Must("rmi", name);
        Assert.NotEqual(0, engine.Naru("pull", $"127.0.0.1:{registry.Port}/no-such-image:1").Code);
    }

    [ChainFact]
    public void Save_gives_an_archive_that_load_takes()
    {
        var archive = engine.Folder["saved.tar"];
        engine.Must("tag", Image, "saved:1");
        engine.Must("save", "-o", archive, "saved:1");
        engine.Must("rmi", "saved:1");
        Assert.Equal("Loaded image: saved:1", engine.Must("load", "-i", archive));
        engine.Must("rmi", "saved:1");
    }
}
