using System.Text.Json;

namespace Naru.Chain.Tests;

/// <summary>naru-hub as each of the clients that people have sees it: sign in, push, pull, list, delete.</summary>
public sealed class HubClientTests(Engine engine) : IClassFixture<Engine>
{
    [ChainFact]
    public void Naru_signs_in_pushes_and_pulls() => Through(Programs.Naru, "naru");

    [ChainFact("docker")]
    public void Docker_signs_in_pushes_and_pulls() => Through(Programs.Original("docker"), "docker");

    [ChainFact]
    public void What_is_private_looks_as_if_it_were_not_there()
    {
        using var hub = new Hub(engine.Namespace, engine.Folder["hub-private"]);
        Push(Programs.Naru, hub, "alice", "alice/app:1");
        Assert.Equal(0, hub.Run("user", "list").Code);
        engine.Must("logout", hub.Host);

        // What strangers are told of a name that is taken and of one that is not, but for the name.
        Assert.Equal(Refusal(hub, "alice/none:1").Replace("none", "app"), Refusal(hub, "bob/none:1").Replace("bob/none", "alice/app"));
        SignIn(Programs.Naru, hub, "bob");
        Assert.Contains("denied", Refusal(hub, "alice/app:2", "push"));
        engine.Must("logout", hub.Host);
    }

    [ChainFact("skopeo")]
    public void Skopeo_copies_lists_inspects_and_deletes()
    {
        using var hub = new Hub(engine.Namespace, engine.Folder["hub-skopeo"]);
        var layout = engine.Folder["skopeo-layout"];
        Must("skopeo", "copy", "--insecure-policy", $"docker-archive:{engine.Archive}", $"oci:{layout}:1");
        Must("skopeo", "copy", "--insecure-policy", "--dest-tls-verify=false", "--dest-creds", "alice:" + Hub.Password("alice"), $"oci:{layout}:1", $"docker://{hub.Name("alice/app:1")}");
        Must("skopeo", "copy", "--insecure-policy", "--src-tls-verify=false", "--dest-tls-verify=false", "--src-creds", "alice:" + Hub.Password("alice"), "--dest-creds", "bob:" + Hub.Password("bob"),
            $"docker://{hub.Name("alice/app:1")}", $"docker://{hub.Name("bob/app:2")}");
        var tags = Must("skopeo", "list-tags", "--tls-verify=false", "--creds", "bob:" + Hub.Password("bob"), $"docker://{hub.Name("bob/app")}");
        Assert.Equal("2", JsonDocument.Parse(tags).RootElement.GetProperty("Tags")[0].GetString());
        var before = Must("skopeo", "inspect", "--raw", "--tls-verify=false", "--creds", "bob:" + Hub.Password("bob"), $"docker://{hub.Name("bob/app:2")}");
        Assert.Equal(2, JsonDocument.Parse(before).RootElement.GetProperty("schemaVersion").GetInt32());
        Assert.Contains("requested access", Inside("skopeo", "delete", "--tls-verify=false", "--creds", "alice:" + Hub.Password("alice"), $"docker://{hub.Name("bob/app:2")}").Error);
        Must("skopeo", "delete", "--tls-verify=false", "--creds", "bob:" + Hub.Password("bob"), $"docker://{hub.Name("bob/app:2")}");
        Assert.Contains("manifest unknown", Inside("skopeo", "inspect", "--tls-verify=false", "--creds", "bob:" + Hub.Password("bob"), $"docker://{hub.Name("bob/app:2")}").Error);
    }

    [ChainFact("podman")]
    public void Podman_signs_in_pushes_pulls_and_searches()
    {
        using var hub = new Hub(engine.Namespace, engine.Folder["hub-podman"]);
        var store = engine.Folder["podman"];
        Result Podman(params string[] words) => Inside("podman", ["--root", $"{store}/root", "--runroot", $"{store}/run", "--storage-driver", "vfs", .. words]);
        void Fine(params string[] words) => HubClientTests.Fine(Podman(words));
        Fine("load", "-q", "-i", engine.Archive);
        Fine("login", "--tls-verify=false", "--authfile", $"{store}.auth", "-u", "alice", "-p", Hub.Password("alice"), hub.Host);
        Fine("push", "-q", "--tls-verify=false", "--authfile", $"{store}.auth", "localhost/" + Engine.Image, hub.Name("alice/podman:1"));
        Fine("pull", "-q", "--tls-verify=false", "--authfile", $"{store}.auth", hub.Name("alice/podman:1"));
        Assert.Contains("alice/podman", Podman("search", "--tls-verify=false", "--authfile", $"{store}.auth", hub.Name("podman")).Out);
        Fine("rmi", "-af");
    }

    [ChainFact("containerd", "ctr")]
    public void Ctr_pushes_and_pulls()
    {
        using var hub = new Hub(engine.Namespace, engine.Folder["hub-ctr"]);
        var address = Path.Combine(engine.ExecRoot, "containerd/containerd.sock");
        string Ctr(params string[] words) => Must("ctr", ["--address", address, "-n", "hub", .. words]);
        Ctr("images", "import", engine.Archive);
        Ctr("images", "tag", "docker.io/library/" + Engine.Image, hub.Name("alice/ctr:1"));
        Ctr("images", "push", "--plain-http", "-u", "alice:" + Hub.Password("alice"), hub.Name("alice/ctr:1"));
        Ctr("images", "rm", hub.Name("alice/ctr:1"));
        Ctr("images", "pull", "--plain-http", "-u", "alice:" + Hub.Password("alice"), hub.Name("alice/ctr:1"));
        Assert.Contains(hub.Name("alice/ctr:1"), Ctr("images", "ls", "-q"));
        Ctr("images", "rm", hub.Name("alice/ctr:1"), "docker.io/library/" + Engine.Image);
    }

    [BuildxFact]
    public void Buildx_pushes_attestations_and_a_cache()
    {
        using var hub = new Hub(engine.Namespace, engine.Folder["hub-buildx"]);
        SignIn(Programs.Naru, hub, "alice");
        using var context = new TempFolder();
        File.WriteAllText(context["Dockerfile"], $"FROM {Engine.Image}\nRUN echo built > /built\n");
        var built = engine.Cli(BuildxFactAttribute.Buildx!, null, "build", "--provenance=mode=max", "--cache-to", $"type=registry,ref={hub.Name("alice/cache:1")},mode=max",
            "--output", $"type=image,name={hub.Name("alice/built:1")},push=true", context.Path);
        Assert.True(built.Code == 0, built.ToString());

        // This one asks the registry itself, not through the engine.
        var shown = Inside(BuildxFactAttribute.Buildx!, "imagetools", "inspect", hub.Name("alice/built:1"));
        Assert.True(shown.Out.Contains("attestation-manifest"), shown.ToString());
        engine.Must("builder", "prune", "-af");
        var again = engine.Cli(BuildxFactAttribute.Buildx!, null, "build", "--progress=plain", "--cache-from", $"type=registry,ref={hub.Name("alice/cache:1")}", context.Path);
        Assert.Contains("CACHED", again.Error);
        engine.Must("logout", hub.Host);
    }

    [ChainFact]
    public void Referrers_of_what_was_pushed_are_listed()
    {
        using var hub = new Hub(engine.Namespace, engine.Folder["hub-referrers"]);
        Push(Programs.Naru, hub, "alice", "alice/app:1");
        var manifest = Curl("alice", $"http://{hub.Host}/v2/alice/app/manifests/1", "-D", "-", "-o", "/dev/null");
        var digest = manifest.Split('\n').First(line => line.StartsWith("Docker-Content-Digest", StringComparison.OrdinalIgnoreCase)).Split(": ")[1].Trim();
        var size = manifest.Split('\n').First(line => line.StartsWith("Content-Length", StringComparison.OrdinalIgnoreCase)).Split(": ")[1].Trim();
        const string Empty = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
        Curl("alice", $"http://{hub.Host}/v2/alice/app/blobs/uploads/?digest={Empty}", "-X", "POST", "--data-binary", "{}", "-H", "Content-Type: application/octet-stream");
        var signature = $$"""
            {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","artifactType":"application/vnd.example.signature",
            "config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"{{Empty}}","size":2},"layers":[],
            "subject":{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{{digest}}","size":{{size}} } }
            """;
        Curl("alice", $"http://{hub.Host}/v2/alice/app/manifests/signature", "-X", "PUT", "-H", "Content-Type: application/vnd.oci.image.manifest.v1+json", "--data-binary", signature);
        var listed = JsonDocument.Parse(Curl("alice", $"http://{hub.Host}/v2/alice/app/referrers/{digest}")).RootElement.GetProperty("manifests");
        Assert.Equal("application/vnd.example.signature", Assert.Single(listed.EnumerateArray()).GetProperty("artifactType").GetString());
    }

    private void Through(string client, string word)
    {
        using var hub = new Hub(engine.Namespace, engine.Folder[$"hub-{word}"]);
        var name = hub.Name($"alice/{word}:1");
        engine.Must("tag", Engine.Image, name);
        var refused = engine.Cli(client, null, "push", name);
        Assert.True(refused.Code != 0, refused.ToString());
        Assert.Contains("incorrect username or password", engine.Cli(client, "wrong", "login", "-u", "alice", "--password-stdin", hub.Host).Error);
        SignIn(client, hub, "alice");
        Fine(engine.Cli(client, null, "push", name));
        engine.Must("rmi", name);
        Fine(engine.Cli(client, null, "pull", name));
        var id = engine.Must("inspect", "-f", "{{.Id}}", name);
        Assert.Equal(engine.Must("inspect", "-f", "{{.Id}}", Engine.Image), id);
        var found = engine.Cli(client, null, "search", "--format", "{{.Name}}", hub.Name(word));
        Assert.Contains($"alice/{word}", found.Out);
        engine.Must("rmi", name);
        Fine(engine.Cli(client, null, "logout", hub.Host));
    }

    private void Push(string client, Hub hub, string account, string repository)
    {
        engine.Must("tag", Engine.Image, hub.Name(repository));
        SignIn(client, hub, account);
        Fine(engine.Cli(client, null, "push", hub.Name(repository)));
        engine.Must("rmi", hub.Name(repository));
    }

    private void SignIn(string client, Hub hub, string account) =>
        Assert.Contains("Login Succeeded", engine.Cli(client, Hub.Password(account), "login", "-u", account, "--password-stdin", hub.Host).Out);

    private string Refusal(Hub hub, string repository, string verb = "pull")
    {
        if (verb == "push")
            engine.Must("tag", Engine.Image, hub.Name(repository));
        var told = engine.Naru(verb, hub.Name(repository));
        Assert.NotEqual(0, told.Code);
        if (verb == "push")
            engine.Must("rmi", hub.Name(repository));
        return told.Error + told.Out;
    }

    private static void Fine(Result result) => Assert.True(result.Code == 0, result.ToString());

    private Result Inside(string program, params string[] words) => Command.Run("nsenter", ["--net=/run/netns/" + engine.Namespace, program, .. words]);

    private string Must(string program, params string[] words)
    {
        var result = Inside(program, words);
        Assert.True(result.Code == 0, $"{program} {string.Join(' ', words)}: {result}");
        return result.Out;
    }

    private string Curl(string account, string address, params string[] more) => Must("curl", ["-sfL", "-u", $"{account}:{Hub.Password(account)}", address, .. more]);
}
