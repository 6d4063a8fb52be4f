namespace Naru.Chain.Tests;

/// <summary>Images to registries and back, by both clients; what is refused says so in Docker's words and leaves nothing.</summary>
public sealed class ImageTests(Engine engine) : IClassFixture<Engine>
{
    [ChainFact("docker-registry", "docker")]
    public void A_pull_tells_each_layer_and_what_it_came_to()
    {
        using var registry = new Registry(engine.Namespace, engine.Folder["tells"]);
        var name = registry.Name("told:1");
        Import(name, "told");
        Assert.Contains("The push refers to repository [127.0.0.1:5000/told]", engine.Must("push", name));
        Assert.Contains(": Layer already exists", engine.Must("push", name));
        engine.Must("rmi", name);
        foreach (var client in new[] { Programs.Naru, Programs.Original("docker") })
        {
            var pulled = engine.Cli(client, null, "pull", name);
            Assert.True(pulled.Code == 0, pulled.ToString());
            Assert.Collection(
                pulled.Out.TrimEnd('\n').Split('\n'),
                line => Assert.Equal("1: Pulling from told", line),
                line => Assert.EndsWith(": Pulling fs layer", line),
                line => Assert.EndsWith(": Verifying Checksum", line),
                line => Assert.EndsWith(": Download complete", line),
                line => Assert.EndsWith(": Pull complete", line),
                line => Assert.StartsWith("Digest: sha256:", line),
                line => Assert.Equal("Status: Downloaded newer image for " + name, line),
                line => Assert.Equal(name, line));
            Assert.Contains("Status: Image is up to date for " + name, engine.Cli(client, null, "pull", name).Out);
            var gone = engine.Cli(client, null, "rmi", name).Out.TrimEnd('\n').Split('\n');
            Assert.Equal(["Untagged: " + name, "Untagged: 127.0.0.1:5000/told@sha256:", "Deleted: sha256:", "Deleted: sha256:"], gone.Select(line => line[..Math.Min(line.Length, line.IndexOf("sha256:", StringComparison.Ordinal) is >= 0 and var at ? at + 7 : line.Length)]));
        }
    }

    [ChainFact("docker-registry")]
    public void All_tags_go_and_come_and_a_digest_is_a_name()
    {
        using var registry = new Registry(engine.Namespace, engine.Folder["all"]);
        engine.Must("tag", Engine.Image, registry.Name("all:1"));
        engine.Must("tag", Engine.Image, registry.Name("all:2"));
        Assert.Equal(2, engine.Must("push", "-a", registry.Name("all")).Split(": digest: sha256:").Length - 1);
        var digest = engine.Must("inspect", "-f", "{{index .RepoDigests 0}}", registry.Name("all:1"));
        engine.Must("rmi", registry.Name("all:1"), registry.Name("all:2"));
        engine.Must("pull", "-a", registry.Name("all"));
        Assert.Equal("1\n2", engine.Must("images", "--format", "{{.Tag}}", registry.Name("all")));
        engine.Must("rmi", registry.Name("all:1"), registry.Name("all:2"));
        Assert.Contains("Status: Downloaded newer image for " + digest, engine.Must("pull", digest));
        Assert.Equal("by digest", engine.Must("run", "--rm", digest, "echo", "by digest"));
        engine.Must("rmi", digest);
    }

    [ChainFact("docker-registry")]
    public void A_layer_that_the_registry_has_elsewhere_is_mounted()
    {
        using var registry = new Registry(engine.Namespace, engine.Folder["mounts"]);
        engine.Must("tag", Engine.Image, registry.Name("here:1"));
        engine.Must("tag", Engine.Image, registry.Name("there:1"));
        Assert.Contains(": Pushed", engine.Must("push", registry.Name("here:1")));
        Assert.Contains(": Mounted from here", engine.Must("push", registry.Name("there:1")));
        engine.Must("rmi", registry.Name("here:1"), registry.Name("there:1"));
    }

    [ChainFact("docker-registry")]
    public void A_registry_that_asks_who_is_there_is_told()
    {
        using var registry = new Registry(engine.Namespace, engine.Folder["locked"], locked: true);
        var name = registry.Name("mine:1");
        engine.Must("tag", Engine.Image, name);
        var host = registry.Name("")[..^1];
        Refused("no basic auth credentials", "push", name);
        Refused($"Head \"http://{host}/v2/mine/manifests/1\": no basic auth credentials", "pull", name);
        Assert.Contains("401 Unauthorized", engine.Cli(Programs.Naru, "wrong", "login", "-u", "u", "--password-stdin", host).Error);
        Assert.Contains("Login Succeeded", engine.Cli(Programs.Naru, "secret", "login", "-u", "u", "--password-stdin", host).Out);
        engine.Must("push", name);
        engine.Must("rmi", name);
        engine.Must("pull", name);
        engine.Must("rmi", name);
        engine.Must("logout", host);
        var answer = Ask("POST", $"/images/create?fromImage={host}/mine&tag=1", "-H", "X-Registry-Auth: " + Convert.ToBase64String("""{"username":"u","password":"wrong"}"""u8));
        Assert.Equal("""{"message":"unauthorized: authentication required"} 401""", answer);
    }

    [ChainFact("docker-registry")]
    public void A_damaged_layer_is_refused_and_leaves_nothing()
    {
        using var registry = new Registry(engine.Namespace, engine.Folder["damaged"]);
        var name = registry.Name("damaged:1");
        Import(name, "damaged");
        engine.Must("push", name);
        engine.Must("rmi", name);
        registry.Damage();
        var before = engine.Kept();
        var pulled = engine.Naru("pull", name);
        Assert.NotEqual(0, pulled.Code);
        Assert.Contains("sha256:", pulled.Error);
        Assert.Equal("", engine.Must("images", "-q", name));
        Command.Holds(() => engine.Kept().SequenceEqual(before));
        Assert.Equal(before, engine.Kept());
    }

    [ChainFact("docker-registry")]
    public void What_cannot_be_pulled_or_pushed_is_said_as_Docker_says_it()
    {
        using var registry = new Registry(engine.Namespace, engine.Folder["refuses"]);
        var before = engine.Kept();
        Assert.Equal($$"""{"message":"manifest for {{registry.Name("none")}}:1 not found: manifest unknown: manifest unknown"} 404""", Ask("POST", $"/images/create?fromImage={registry.Name("none")}&tag=1"));
        Assert.Equal($$"""{"message":"repository {{registry.Name("none")}} not found: name unknown: repository name not known to registry"} 404""", Ask("POST", $"/images/create?fromImage={registry.Name("none")}"));
        Assert.Equal("""{"message":"Get \"http://127.0.0.1:5999/v2/\": dial tcp 127.0.0.1:5999: connect: connection refused"} 500""".Replace("\\\"", "\\u0022"), Ask("POST", "/images/create?fromImage=127.0.0.1:5999/x&tag=1").Replace("\\\"", "\\u0022"));
        Assert.Equal("""{"message":"invalid tag format"} 400""", Ask("POST", $"/images/create?fromImage={registry.Name("none")}&tag=-1"));
        Assert.Equal("""{"message":"manifest unknown: manifest unknown"} 404""", Ask("GET", $"/distribution/{registry.Name("none")}:1/json"));
        Refused($"An image does not exist locally with the tag: {registry.Name("none")}", "push", registry.Name("none:1"));
        Refused("connect: connection refused", "pull", "127.0.0.1:5999/x");
        Refused("'scratch' is a reserved name", "pull", "scratch");
        Refused("invalid reference format: repository name (library/BAD) must be lowercase", "pull", "BAD");
        Assert.Equal(before, engine.Kept());
    }

    [ChainFact]
    public void An_image_in_use_is_kept_and_one_that_is_not_goes_whole()
    {
        Import("used:1", "used");
        var id = engine.Must("inspect", "-f", "{{.Id}}", "used:1")[7..19];
        var user = engine.Must("create", "--name", "user", "used:1", "x")[..12];
        Refused($"conflict: unable to remove repository reference \"used:1\" (must force) - container {user} is using its referenced image {id}", "rmi", "used:1");
        Refused($"conflict: unable to delete {id} (must be forced) - image is being used by stopped container {user}", "rmi", id);
        engine.Must("tag", "used:1", "used-too:1");
        Refused($"conflict: unable to delete {id} (must be forced) - image is referenced in multiple repositories", "rmi", id);
        engine.Must("rmi", "used-too:1");
        engine.Must("rm", "user");
        Assert.Equal(3, engine.Must("rmi", id).Split('\n').Length);
        Refused("No such image: used:1", "rmi", "used:1");
    }

    [ChainFact]
    public void A_container_becomes_an_image()
    {
        engine.Must("run", "--name", "made", Engine.Image, "sh", "-c", "echo kept >/kept; rm /etc/group; mkdir /new");
        engine.Must("commit", "-m", "why", "-c", "ENV X=y", "-c", "CMD [\"cat\",\"/kept\"]", "made", "committed:1");
        engine.Must("rm", "made");
        Assert.Equal("kept", engine.Must("run", "--rm", "committed:1"));
        Assert.Equal("/new\ny", engine.Must("run", "--rm", "committed:1", "sh", "-c", "ls -d /new /etc/group 2>/dev/null; echo $X"));
        Assert.Equal("why", engine.Must("inspect", "-f", "{{.Comment}}", "committed:1"));
        engine.Must("rmi", "committed:1");
    }

    [ChainFact]
    public void What_nobody_names_any_more_is_pruned()
    {
        Import("pruned:1", "one");
        Import("pruned:1", "two");
        Assert.Equal("<none>:<none>", engine.Must("images", "--filter", "dangling=true", "--format", "{{.Repository}}:{{.Tag}}"));
        Assert.Contains("deleted: sha256:", engine.Must("image", "prune", "-f"));
        Assert.Equal("", engine.Must("images", "-q", "--filter", "dangling=true"));
        engine.Must("rmi", "pruned:1");
    }

    /// <summary>Makes an image of one file, which no other image has, some 200 KB long.</summary>
    private void Import(string name, string content)
    {
        var folder = Directory.CreateDirectory(engine.Folder["import"]).FullName;
        File.WriteAllText(Path.Combine(folder, "file"), string.Concat(Enumerable.Range(0, 5000).Select(_ => content + Guid.NewGuid())));
        Command.Must("tar", "-C", folder, "-cf", engine.Folder["import.tar"], "file");
        engine.Must("import", engine.Folder["import.tar"], name);
    }

    private void Refused(string message, params string[] arguments)
    {
        var result = engine.Naru(arguments);
        Assert.NotEqual(0, result.Code);
        Assert.Contains(message, result.Error);
    }

    /// <summary>The engine's answer, body and status.</summary>
    private string Ask(string method, string path, params string[] more) =>
        Command.Must("curl", ["-s", "-w", " %{http_code}", "-X", method, .. more, "--unix-socket", engine.Folder["naru.sock"], "http://naru/v1.51" + path]).Replace("}\n ", "} ");
}
