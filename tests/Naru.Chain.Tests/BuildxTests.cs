namespace Naru.Chain.Tests;

/// <summary>docker buildx build against narud: BuildKit's own protocol, by its own client.</summary>
public sealed class BuildxTests(Engine engine) : IClassFixture<Engine>, IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [BuildxFact]
    public void An_image_is_built_and_only_what_changed_is_built_again()
    {
        Write("Dockerfile", $"FROM {Engine.Image}\nCOPY first /first\nRUN cat /first > /made\nCOPY second /second\n");
        Write("first", "one");
        Write("second", "two");
        var made = Build("-t", "bx-image", ".");
        Assert.True(made.Code == 0, made.ToString());
        Assert.Equal("onetwo", engine.Naru("run", "--rm", "bx-image", "cat", "/made", "/second").Out);
        Write("second", "three");
        var again = Build("-t", "bx-image", ".");
        Assert.True(again.Code == 0, again.ToString());
        Assert.Matches("RUN cat /first > /made\n#\\d+ CACHED", again.Error);
        Assert.Equal("onethree", engine.Naru("run", "--rm", "bx-image", "cat", "/made", "/second").Out);
    }

    [BuildxFact]
    public void Ignored_files_stay_at_the_client()
    {
        Write("Dockerfile", $"FROM {Engine.Image}\nCOPY . /all\n");
        Write(".dockerignore", "# comment\n*.log\ntmp, x\n**/secret\n!kept.log\n");
        foreach (var name in (string[])["a.log", "kept.log", "tmp, x", "d/secret", "d/e", "ä"])
            Write(name, "");
        Assert.Equal(0, Build("-t", "bx-ignore", ".").Code);
        Assert.Equal("/all\n/all/.dockerignore\n/all/Dockerfile\n/all/d\n/all/d/e\n/all/kept.log\n/all/ä\n", engine.Naru("run", "--rm", "bx-ignore", "sh", "-c", "find /all | sort").Out);
    }

    [BuildxFact]
    public void A_secret_reaches_its_RUN_and_nothing_else()
    {
        Write("Dockerfile", $"FROM {Engine.Image}\nRUN --mount=type=secret,id=s wc -c < /run/secrets/s > /size\n");
        var secret = folder["s"];
        File.WriteAllText(secret, "bx-hidden-words");
        var made = Build("-t", "bx-secret", "--secret", $"id=s,src={secret}", ".");
        Assert.True(made.Code == 0, made.ToString());
        Assert.DoesNotContain("bx-hidden-words", made.Error + engine.Log);
        Assert.Equal("15\n", engine.Naru("run", "--rm", "bx-secret", "cat", "/size").Out);
        Assert.NotEqual(0, Build("--no-cache", ".").Code);
    }

    [BuildxFact]
    public void What_failed_is_shown_with_its_lines()
    {
        Write("Dockerfile", $"FROM {Engine.Image}\nRUN echo before\nRUN echo words; exit 7\n");
        var failed = Build(".");
        Assert.Equal(1, failed.Code);
        Assert.Contains("   3 | >>> RUN echo words; exit 7", failed.Error);
        Assert.Contains("ERROR: failed to build: failed to solve: process \"/bin/sh -c echo words; exit 7\" did not complete successfully: exit code: 7", failed.Error);
        Write("Dockerfile", "FROM scratch\nCOPPY a b\n");
        Assert.Contains("dockerfile parse error on line 2: unknown instruction: COPPY", Build(".").Error);
    }

    [BuildxFact]
    public void A_result_comes_as_a_folder_and_as_a_tar()
    {
        Write("Dockerfile", $"FROM {Engine.Image} AS b\nRUN mkdir -p /r/d && echo hi > /r/d/f && chmod 751 /r/d/f && ln -s d/f /r/l\nFROM scratch\nCOPY --from=b /r /\n");
        var local = Build("-o", $"type=local,dest={folder["local"]}", ".");
        Assert.True(local.Code == 0, local.ToString());
        Assert.Equal("hi\n", File.ReadAllText(folder["local/l"]));
        Assert.Equal("d/f", new FileInfo(folder["local/l"]).LinkTarget);
        Assert.Equal(Convert.ToInt32("751", 8), (int)File.GetUnixFileMode(folder["local/d/f"]));
        var tar = Build("-o", $"type=tar,dest={folder["r.tar"]}", ".");
        Assert.True(tar.Code == 0, tar.ToString());
        Assert.Equal("d/\nd/f\nl\n", Command.Must("tar", "-tf", folder["r.tar"]) + "\n");
    }

    [BuildxFact]
    public void A_context_comes_as_an_archive_on_standard_input()
    {
        Write("Dockerfile", $"FROM {Engine.Image}\nCOPY d /d\nRUN cat /d/f\n");
        Write("d/f", "of the archive");
        var made = Command.Run("sh", ["-c", $"tar -cz . | {BuildxFactAttribute.Buildx} build --progress plain -t bx-tar -"], environment: Environment(), folder: folder["context"]);
        Assert.True(made.Code == 0, made.ToString());
        Assert.Equal("of the archive", engine.Naru("run", "--rm", "bx-tar", "cat", "/d/f").Out);
    }

    [BuildxFact]
    public void Several_platforms_become_one_archive()
    {
        Write("Dockerfile", "FROM scratch\nARG TARGETARCH\nCOPY $TARGETARCH /arch\n");
        Write("amd64", "1");
        Write("arm64", "2");
        var made = Build("--platform", "linux/amd64,linux/arm64", "-o", $"type=oci,dest={folder["oci.tar"]}", ".");
        Assert.True(made.Code == 0, made.ToString());
        Assert.Contains("oci-layout", Command.Must("tar", "-tf", folder["oci.tar"]));
        Assert.Contains("failed to solve: cache export of type azblob is not supported", Build("--cache-to", "type=azblob,name=x", ".").Error);
    }

    [BuildxFact]
    public void What_is_kept_is_listed_and_pruned()
    {
        Write("Dockerfile", "FROM scratch\nCOPY kept /\n");
        Write("kept", new string('k', 4321));
        Assert.Equal(0, Build(".").Code);
        Assert.Contains("4.321kB", Buildx("du", "--filter", "type=source.local").Out);
        Assert.Equal(0, Buildx("prune", "--force", "--all").Code);
        Assert.DoesNotContain("4.321kB", Buildx("du").Out);
    }

    [BuildxFact]
    public void A_client_that_is_killed_ends_its_build()
    {
        Write("Dockerfile", $"FROM {Engine.Image}\nRUN echo bx-begins; sleep 77\n");
        using var client = Command.Start(BuildxFactAttribute.Buildx!, ["build", "--progress", "plain", "--no-cache", "."], Environment(), folder["context"]);
        Command.Until(() => Running("sleep 77"), "the step's program");
        client.Kill();
        Command.Until(() => !Running("sleep 77"), "the step's end");
    }

    private static bool Running(string words) => Command.Run("pgrep", ["-fx", words]).Code == 0;

    private Dictionary<string, string?> Environment() => new() { ["DOCKER_HOST"] = engine.Host, ["DOCKER_CONFIG"] = folder["config"], ["BUILDX_CONFIG"] = folder["config/buildx"] };

    private Result Build(params string[] arguments) =>
        Command.Run(BuildxFactAttribute.Buildx!, ["build", "--progress", "plain", .. arguments], environment: Environment(), folder: folder["context"]);

    private Result Buildx(params string[] arguments) => Command.Run(BuildxFactAttribute.Buildx!, arguments, environment: Environment(), folder: folder["context"]);

    private void Write(string name, string content)
    {
        var path = Path.Combine(folder["context"], name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }
}
