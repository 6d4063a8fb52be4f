using System.Diagnostics;

namespace Naru.Chain.Tests;

/// <summary>`naru build` against narud, over BuildKit's own protocol: what it sends, what it gets back, what it says.</summary>
public sealed class NaruBuildTests(Engine engine) : IClassFixture<Engine>
{
    /// <summary>A folder with these files, the first of them the Dockerfile.</summary>
    private string Context(string name, string dockerfile, params (string Path, string Content)[] files)
    {
        var folder = engine.Folder[name];
        foreach (var (path, content) in files.Prepend(("Dockerfile", dockerfile)))
        {
            var full = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllText(full, content);
        }

        return folder;
    }

    [ChainFact]
    public void A_context_becomes_an_image_that_runs()
    {
        var context = Context("plain", "FROM busybox:naru\nCOPY . /app\nRUN cat /app/sub/file > /out\nCMD [\"cat\", \"/out\"]\n", ("sub/file", "built"), (".dockerignore", "secret*\n"), ("secret.txt", "x"));
        var built = engine.Naru("build", "--progress", "plain", "-t", "plain:1", context);
        Assert.True(built.Code == 0, built.ToString());
        Assert.Equal("", built.Out);
        Assert.Contains("#1 [internal] load build definition from Dockerfile\n#1 transferring dockerfile:", built.Error);
        Assert.Equal("built", engine.Must("run", "--rm", "plain:1"));
        Assert.Equal("sub", engine.Must("run", "--rm", "plain:1", "sh", "-c", "ls -d /app/s*").Replace("/app/", ""));

        // Again: nothing is done twice; one file changed: the steps from there on.
        Assert.Contains("RUN cat /app/sub/file > /out\n#", engine.Naru("build", "--progress", "plain", context).Error);
        File.WriteAllText(Path.Combine(context, "sub/file"), "changed");
        engine.Must("build", "-q", "-t", "plain:1", context);
        Assert.Equal("changed", engine.Must("run", "--rm", "plain:1"));
    }

    [ChainFact]
    public void A_failing_step_is_told_with_its_output_and_its_line()
    {
        var context = Context("failing", "FROM busybox:naru\nRUN echo before; exit 3\n");
        var built = engine.Naru("build", "--progress", "plain", context);
        Assert.Equal(1, built.Code);
        Assert.Contains("before\n", built.Error);
        Assert.Contains("Dockerfile:2\n--------------------\n   1 |     FROM busybox:naru\n   2 | >>> RUN echo before; exit 3\n", built.Error);
        Assert.EndsWith("did not complete successfully: exit code: 3\n", built.Error);
        Assert.Contains("ERROR: failed to build: unable to prepare context: path \"/no/such\" not found", engine.Naru("build", "/no/such").Error);
    }

    [ChainFact]
    public void Secrets_and_named_contexts_are_lent()
    {
        var other = Context("other", "", ("file", "from another folder"));
        var secret = engine.Folder["secret"];
        File.WriteAllText(secret, "hidden");
        var context = Context("lent", "FROM busybox:naru\nCOPY --from=more file /file\nRUN --mount=type=secret,id=s wc -c < /run/secrets/s > /count\n");
        engine.Must("build", "-q", "-t", "lent:1", "--secret", $"id=s,src={secret}", "--build-context", $"more={other}", context);
        Assert.Equal("from another folder6", engine.Must("run", "--rm", "lent:1", "sh", "-c", "cat /file /count"));
        Assert.DoesNotContain("hidden", engine.Must("history", "--no-trunc", "lent:1"));
    }

    [ChainFact]
    public void Results_come_to_this_side_as_files()
    {
        var context = Context("outputs", "FROM busybox:naru AS build\nRUN mkdir -p /o/deep && echo content > /o/deep/file && chmod 4755 /o/deep/file && ln -s deep/file /o/link\nFROM scratch\nCOPY --from=build /o /\n");
        var folder = engine.Folder["result"];
        engine.Must("build", "-q", "-o", folder, context);
        Assert.Equal("content\n", File.ReadAllText(Path.Combine(folder, "deep/file")));
        Assert.True(File.GetUnixFileMode(Path.Combine(folder, "deep/file")).HasFlag(UnixFileMode.SetUser));
        Assert.Equal("deep/file", new FileInfo(Path.Combine(folder, "link")).LinkTarget);
        engine.Must("build", "-q", "-o", $"type=tar,dest={engine.Folder["result.tar"]}", context);
        Assert.Contains("deep/file", Command.Must("tar", "-tf", engine.Folder["result.tar"]));
    }

    [ChainFact]
    public void What_a_build_made_is_written_where_it_was_asked()
    {
        var context = Context("files", "FROM busybox:naru\nLABEL a=b\n");
        var (id, metadata) = (engine.Folder["id"], engine.Folder["metadata.json"]);
        var printed = engine.Must("build", "-q", "--iidfile", id, "--metadata-file", metadata, "-t", "files:1", context);
        Assert.Equal(printed, File.ReadAllText(id));
        Assert.Contains($"\"containerimage.config.digest\": \"{printed}\"", File.ReadAllText(metadata));
        Assert.Equal("b", engine.Must("image", "inspect", "-f", "{{.Config.Labels.a}}", "files:1"));
    }

    [ChainFact]
    public void A_check_builds_nothing_and_tells_what_it_found()
    {
        var context = Context("checked", "FROM busybox:naru AS Upper\nRUN exit 1\n");
        var check = engine.Naru("build", "--check", "-q", context);
        Assert.Equal(1, check.Code);
        Assert.StartsWith("Check complete, 1 warning has been found!", check.Out);
        Assert.Contains("StageNameCasing", check.Out);
    }

    [ChainFact]
    public void An_interrupted_build_ends_at_once_and_leaves_nothing_running()
    {
        var context = Context("slow", "FROM busybox:naru\nRUN echo started; sleep 987\n");
        using var build = Command.Start(Programs.Naru, ["build", "--progress", "plain", context], engine.ClientEnvironment);
        for (string? line; (line = build.StandardError.ReadLine()) is not null && !line.EndsWith(" started", StringComparison.Ordinal);)
        {
            // The step has begun once it says so.
        }

        var clock = Stopwatch.StartNew();
        Command.Must("kill", "-INT", build.Id.ToString());
        Assert.True(build.WaitForExit(10_000));
        Assert.NotEqual(0, build.ExitCode);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 9);
        Assert.True(Command.Holds(() => Command.Run("pgrep", ["-f", "^sleep 987"]).Code == 1));
    }
}
