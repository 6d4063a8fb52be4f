using System.Formats.Tar;
using System.Text;

namespace Naru.Chain.Tests;

/// <summary>Dockerfiles, contexts and images that want what is not theirs. A file planted on the host must be as it was, and unread.</summary>
public sealed class BuildAttackTests : IClassFixture<Engine>
{
    private const string Planted = "planted-on-the-host";
    private readonly Engine engine;
    private readonly string outside;

    public BuildAttackTests(Engine engine)
    {
        this.engine = engine;
        outside = Directory.CreateDirectory(engine.Folder["outside"]).FullName;
        File.WriteAllText(Path.Combine(outside, "secret"), Planted);
    }

    /// <summary>Links of an image that lead to the host's folder lead into the image: nothing of the host's is seen, nothing is written there.</summary>
    [ChainTheory]
    [InlineData("FROM evil\nRUN --mount=type=bind,from=evil,source=/out,target=/m cat /m/secret")] // CVE-2024-1753, 2024-9407
    [InlineData("FROM evil\nRUN --mount=type=bind,from=evil,source=/out/secret,target=/m cat /m")]
    [InlineData("FROM evil\nRUN --mount=type=bind,from=evil,source=/up/..,target=/m,rw echo x > /m/secret; cat /m/new")]
    [InlineData("FROM evil\nRUN --mount=type=bind,source=out,target=/m cat /m/secret")]
    [InlineData("FROM evil\nRUN --mount=type=cache,target=/c,from=evil,source=/out cat /c/secret")] // CVE-2024-9675
    [InlineData("FROM evil\nRUN --mount=type=cache,target=/c,id=../../../../outside ls /c/secret")]
    [InlineData("FROM evil\nCOPY --from=evil /out/secret /got")]
    [InlineData("FROM evil\nCOPY out/secret /got")]
    [InlineData("FROM evil\nADD out/secret /got")]
    [InlineData("FROM evil\nRUN --security=insecure true")] // CVE-2024-23653
    [InlineData("FROM evil\nRUN mount -t tmpfs t /mnt")]
    [InlineData("FROM evil\nRUN mknod /d b 8 0 && cat /d")]
    [InlineData("FROM evil\nWORKDIR /proc/self/fd/8\nRUN cat ../../secret")] // CVE-2024-21626
    public void What_leads_out_finds_nothing(string dockerfile)
    {
        Evil();
        var build = new BuildContext(engine, "attack-" + Guid.NewGuid().ToString("N")[..8], dockerfile + "\n");
        File.CreateSymbolicLink(Path.Combine(build.Folder, "out"), outside);
        var result = build.Build();
        Assert.NotEqual(0, result.Code);
        Assert.DoesNotContain(Planted, result.Error, StringComparison.Ordinal);
        Untouched();
    }

    /// <summary>Where a mount or a copy may well be made at a link, it is made in the image.</summary>
    [ChainTheory]
    [InlineData("RUN --mount=type=cache,target=/out/c echo x > /out/c/f")]
    [InlineData("RUN --mount=type=tmpfs,target=/out/t echo x > /out/t/f")]
    [InlineData("RUN --mount=type=bind,target=/out/b true")]
    [InlineData("RUN --mount=type=secret,id=key,target=/out/key,required=false true")]
    [InlineData("RUN --mount=type=tmpfs,target=/late/x rm -rf /late && ln -s /out /late")] // CVE-2024-23652
    [InlineData("RUN --mount=type=cache,target=/late/x ln -s / /late/x/root")]
    [InlineData("COPY Dockerfile /out/")]
    [InlineData("COPY --link Dockerfile /out/")]
    [InlineData("ADD evil.tar /out/")]
    [InlineData("WORKDIR /out/made")]
    [InlineData("RUN echo x > /out/secret || true")]
    public void What_is_put_at_a_link_stays_in_the_image(string instruction)
    {
        Evil();
        var build = new BuildContext(engine, "inside-" + Guid.NewGuid().ToString("N")[..8], $"FROM evil\n{instruction}\nRUN true\n");
        using (var tar = new TarWriter(File.Create(Path.Combine(build.Folder, "evil.tar"))))
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "l") { LinkName = outside });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "l/secret") { DataStream = new MemoryStream("x"u8.ToArray()) });
        }

        // The tool may refuse, too: what counts is the host.
        build.Build("--secret", $"id=key,src={Path.Combine(build.Folder, "Dockerfile")}");
        Untouched();
    }

    [ChainFact]
    public void A_context_that_comes_as_an_archive_stays_in_its_folder()
    {
        foreach (var (what, entries) in new (string, TarEntry[])[]
        {
            ("up", [File_("../../../../../../../../../.." + outside + "/secret", "x")]),
            ("absolute", [File_(outside + "/secret", "x")]),
            ("link", [Link("l", outside), File_("l/secret", "x")]),
            ("hard link", [new PaxTarEntry(TarEntryType.HardLink, "h") { LinkName = outside + "/secret" }, File_("h", "x")]),
            ("Dockerfile", [Link("Dockerfile", outside + "/secret")]),
            ("context", [Link("l", outside), File_("Dockerfile", "FROM busybox:naru\nCOPY l/secret /\n")]),
        })
        {
            var path = engine.Folder["context.tar"];
            using (var tar = new TarWriter(File.Create(path)))
            {
                foreach (var entry in entries)
                    tar.WriteEntry(entry);
                if (what is not ("Dockerfile" or "context"))
                    tar.WriteEntry(File_("Dockerfile", "FROM scratch\nCOPY . /\n"));
            }

            foreach (var query in (string[])["", "?dockerfile=../../../../../../../../.." + outside + "/secret", "?dockerfile=" + outside + "/secret"])
            {
                var said = Command.Run("curl", ["-sS", "--max-time", "30", "--unix-socket", engine.Folder["naru.sock"], "-X", "POST", "-H", "Content-Type: application/x-tar", "--data-binary", "@" + path, "http://naru/v1.51/build" + query]);
                Assert.DoesNotContain(Planted, said.Out, StringComparison.Ordinal);
                if (what is "context" or "Dockerfile" || query.Length > 0)
                    Assert.DoesNotContain("Successfully", said.Out, StringComparison.Ordinal);
            }

            Untouched();
        }
    }

    [ChainFact]
    public void Two_builds_at_once_see_each_its_own_secret_and_one_without_sees_none()
    {
        var build = new BuildContext(engine, "own", "FROM busybox:naru\nRUN --mount=type=secret,id=key,env=KEY sleep 1; echo \"$KEY\" > /key\n");
        var results = new Result[3];
        Parallel.For(0, 3, new ParallelOptions { MaxDegreeOfParallelism = 3 }, number =>
        {
            var secret = engine.Folder[$"own-{number}"];
            File.WriteAllText(secret, $"word{number}\n");
            string[] lent = number == 2 ? [] : ["--secret", $"id=key,src={secret}"];
            results[number] = engine.Naru(["build", "--no-cache", "--progress", "plain", "-t", $"own{number}", .. lent, build.Folder]);
        });
        for (var number = 0; number < 2; number++)
        {
            Assert.True(results[number].Code == 0, results[number].ToString());
            Assert.Equal($"word{number}", engine.Must("run", "--rm", $"own{number}", "cat", "/key").Trim());
        }

        Assert.True(results[2].Code == 0, results[2].ToString());
        Assert.Equal("", engine.Must("run", "--rm", "own2", "cat", "/key").Trim());
    }

    [ChainFact]
    public void A_secret_is_on_no_disk_and_in_no_list_of_processes_even_of_an_engine_that_is_killed()
    {
        const string word = "hunter3-of-the-test";
        File.WriteAllText(engine.Folder["word"], word);
        var build = new BuildContext(engine, "killed", "FROM busybox:naru\nRUN --mount=type=secret,id=file --mount=type=secret,id=variable,env=WORD sleep 308\n");
        using (var client = Command.Start(Programs.Naru, ["build", "--progress", "plain", "--secret", $"id=file,src={engine.Folder["word"]}", "--secret", $"id=variable,src={engine.Folder["word"]}", build.Folder], engine.ClientEnvironment))
        {
            Command.Until(() => Command.Run("pgrep", ["-fx", "sleep 308"]).Code == 0, "the step to run");
            Assert.DoesNotContain(word, Command.Must("ps", "-eo", "args"), StringComparison.Ordinal);
            engine.Kill();
            Assert.True(client.WaitForExit(20_000));
        }

        engine.Start();
        Command.Until(() => Command.Run("pgrep", ["-fx", "sleep 308"]).Code != 0, "the step to be gone");
        File.Delete(engine.Folder["word"]);
        Assert.Equal("", Command.Run("grep", ["-rlF", word, engine.Data, engine.ExecRoot, engine.Folder["narud.log"]]).Out);
    }

    [ChainFact]
    public void A_build_argument_is_not_in_the_image_unless_a_step_uses_it()
    {
        var build = new BuildContext(engine, "argument", "FROM busybox:naru\nARG UNUSED\nRUN true\n");
        build.Must("--build-arg", "UNUSED=hunter4", "--build-arg", "http_proxy=http://me:hunter4@127.0.0.1:9");
        engine.Must("save", "-o", engine.Folder["argument.tar"], "argument");
        Assert.DoesNotContain("me:hunter4", engine.Must("history", "--no-trunc", "argument") + engine.Must("inspect", "argument"), StringComparison.Ordinal);
    }

    /// <summary>CVE-2023-26054.</summary>
    [ChainFact]
    public void A_password_in_a_URL_is_nowhere_to_be_read()
    {
        var build = new BuildContext(engine, "url", "FROM busybox:naru\nARG WHERE\nADD ${WHERE} /\n");
        foreach (var url in (string[])["http://me:hunter5@127.0.0.1:1/x", "http://me:hunter5@127.0.0.1:1/x.git"])
        {
            var failed = build.Build("--build-arg", "WHERE=" + url);
            Assert.NotEqual(0, failed.Code);
            Assert.DoesNotContain("hunter5", failed.Error, StringComparison.Ordinal);
        }

        var context = engine.Naru("build", "--progress", "plain", "http://me:hunter5@127.0.0.1:1/x.git");
        Assert.NotEqual(0, context.Code);
        Assert.DoesNotContain("hunter5", context.Error, StringComparison.Ordinal);
        Assert.Equal("", Command.Run("grep", ["-rlF", "hunter5", engine.Data, engine.ExecRoot, engine.Folder["narud.log"]]).Out);
    }

    /// <summary>CVE-2024-24557: an image that says that it was made by a step is not taken for the step's result, by either builder.</summary>
    [ChainFact]
    public void A_forged_image_is_no_cache()
    {
        var forged = engine.Must("create", Engine.Image, "/bin/sh", "-c", "echo right > /f");
        File.WriteAllText(engine.Folder["f"], "wrong");
        engine.Must("cp", engine.Folder["f"], forged + ":/f");
        engine.Must("commit", forged, "forged");
        engine.Must("rm", forged);
        var build = new BuildContext(engine, "unforged", $"FROM {Engine.Image}\nRUN echo right > /f\n");
        build.Must("--cache-from", "forged");
        Assert.Equal("right", engine.Must("run", "--rm", "unforged", "cat", "/f"));
        var archive = engine.Folder["unforged.tar"];
        Command.Must("tar", "-cf", archive, "-C", build.Folder, "Dockerfile");
        Command.Must("curl", "-sSf", "--unix-socket", engine.Folder["naru.sock"], "-X", "POST", "-H", "Content-Type: application/x-tar", "--data-binary", "@" + archive, "http://naru/v1.51/build?t=classic&cachefrom=%5B%22forged%22%5D");
        Assert.Equal("right", engine.Must("run", "--rm", "classic", "cat", "/f"));
    }

    private static PaxTarEntry File_(string name, string content) => new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) };

    private static PaxTarEntry Link(string name, string target) => new(TarEntryType.SymbolicLink, name) { LinkName = target };

    /// <summary>An image whose links lead to the planted file.</summary>
    private void Evil()
    {
        if (engine.Naru("image", "inspect", "evil").Code == 0)
            return;
        new BuildContext(engine, "evil", $"FROM {Engine.Image}\nRUN ln -s {outside} /out && ln -s ../../../../../../../../..{outside} /up\n").Must();
    }

    private void Untouched()
    {
        Assert.Equal(["secret"], Directory.GetFileSystemEntries(outside).Select(Path.GetFileName));
        Assert.Equal(Planted, File.ReadAllText(Path.Combine(outside, "secret")));
    }
}
