namespace Naru.Chain.Tests;

/// <summary>`naru build` through all the programs: what a Dockerfile says is what the image is.</summary>
public sealed class BuildTests(Engine engine) : IClassFixture<Engine>
{
    [ChainFact]
    public void A_project_is_built_and_answers_and_a_change_builds_only_what_follows_it()
    {
        var project = new BuildContext(engine, "project", """
            FROM busybox:naru
            WORKDIR /app
            RUN echo first > /first
            COPY . .
            RUN cp page.txt index.html
            CMD ["httpd", "-f", "-p", "80", "-h", "/app"]
            """);
        project["page.txt"] = "one\n";
        project.Must();
        engine.Must("run", "-d", "--name", "project", "-p", "8080:80", "project");
        Command.Until(() => engine.Curl("http://localhost:8080/").Out == "one\n", "the first page");
        engine.Must("rm", "-f", "project");

        project["page.txt"] = "two\n";
        Assert.Equal(["[1/5] FROM docker.io/library/busybox:naru", "[2/5] WORKDIR /app", "[3/5] RUN echo first > /first"], BuildContext.Cached(project.Must()).Order());
        engine.Must("run", "-d", "--name", "project", "-p", "8080:80", "project");
        Command.Until(() => engine.Curl("http://localhost:8080/").Out == "two\n", "the second page");
        engine.Must("rm", "-f", "project");
        Assert.Equal(5, BuildContext.Cached(project.Must()).Count);
    }

    [ChainFact]
    public void Times_of_files_are_no_reason_to_build_again_and_modes_are()
    {
        var files = new BuildContext(engine, "times", "FROM busybox:naru\nCOPY file /\nRUN true");
        files["file"] = "x";
        files.Must();
        File.SetLastWriteTimeUtc(Path.Combine(files.Folder, "file"), DateTime.UtcNow.AddDays(-1));
        Assert.Contains("[2/3] COPY file /", BuildContext.Cached(files.Must()));
        File.SetUnixFileMode(Path.Combine(files.Folder, "file"), UnixFileMode.UserRead);
        Assert.DoesNotContain("[2/3] COPY file /", BuildContext.Cached(files.Must()));
    }

    [ChainFact]
    public void Stages_that_do_not_need_each_other_run_at_once_and_unused_ones_never()
    {
        // Each stage waits for the other: one after the other they would not end.
        const string meet = "i=0; while [ ! -e /m/{0} ] && [ $i -lt 300 ]; do sleep 0.1; i=$((i+1)); done; [ -e /m/{0} ]";
        var stages = new BuildContext(engine, "stages", $"""
            FROM busybox:naru AS a
            RUN --mount=type=cache,target=/m,id=meet touch /m/a; {string.Format(meet, "b")}; echo a > /a
            FROM busybox:naru AS b
            RUN --mount=type=cache,target=/m,id=meet touch /m/b; {string.Format(meet, "a")}; echo b > /b
            FROM busybox:naru AS unused
            RUN exit 1
            FROM scratch
            COPY --from=a /a /
            COPY --from=b /b /
            """);
        stages.Must();
        engine.Must("save", "-o", engine.Folder["stages.tar"], "stages");
    }

    [ChainFact]
    public void A_secret_is_seen_by_its_step_alone()
    {
        const string word = "hunter2-of-the-test";
        File.WriteAllText(engine.Folder["secret"], word);
        var build = new BuildContext(engine, "secret", """
            FROM busybox:naru
            RUN --mount=type=secret,id=key,required=true wc -c < /run/secrets/key > /length; stat -c %a /run/secrets/key >> /length
            RUN --mount=type=secret,id=key,env=KEY test -n "$KEY"; test ! -e /run/secrets/key
            RUN test ! -e /run/secrets/key; test -z "$KEY"
            """);
        var said = build.Must("--secret", $"id=key,src={engine.Folder["secret"]}");
        Assert.Equal($"{word.Length}\n400", engine.Must("run", "--rm", "secret", "cat", "/length"));
        engine.Must("save", "-o", engine.Folder["secret.tar"], "secret");
        Assert.DoesNotContain(word, said + engine.Must("history", "--no-trunc", "secret") + engine.Must("inspect", "secret") + engine.Log, StringComparison.Ordinal);
        var found = Command.Run("grep", ["-rlF", word, engine.Folder["secret.tar"], Path.Combine(engine.Data, "builds"), Path.Combine(engine.Data, "containerd"), engine.ExecRoot]);
        Assert.Equal("", found.Out);

        // Another client without it gets neither the file nor an answer.
        var refused = new BuildContext(engine, "nosecret", "FROM busybox:naru\nRUN --mount=type=secret,id=key,required=true cat /run/secrets/key").Build();
        Assert.NotEqual(0, refused.Code);
        Assert.Contains("secret key: not found", refused.Error, StringComparison.Ordinal);
    }

    [ChainFact]
    public void What_a_step_sees_is_a_container_of_the_default_kind()
    {
        var build = new BuildContext(engine, "kind", """
            FROM busybox:naru
            RUN grep Cap /proc/self/status > /status; grep Seccomp: /proc/self/status >> /status; ls /sys/firmware | wc -l >> /status; cat /proc/sys/kernel/hostname >> /status
            RUN ! echo x > /proc/sys/kernel/hostname; ! echo x >> /etc/hosts; ! mount -t tmpfs t /mnt
            RUN --network=none ls /sys/class/net > /none
            """);
        build.Must();
        var status = engine.Must("run", "--rm", "kind", "cat", "/status");
        Assert.Contains("CapBnd:\t00000000a80425fb", status, StringComparison.Ordinal);
        Assert.Contains("CapInh:\t0000000000000000", status, StringComparison.Ordinal);
        Assert.Contains("Seccomp:\t2", status, StringComparison.Ordinal);
        Assert.EndsWith("0\nbuildkitsandbox", status, StringComparison.Ordinal);
        Assert.Equal("lo", engine.Must("run", "--rm", "kind", "cat", "/none"));
    }

    [ChainFact]
    public void Mounts_leave_no_trace_in_the_image()
    {
        var build = new BuildContext(engine, "traces", """
            FROM busybox:naru
            RUN --mount=type=tmpfs,target=/t/deep --mount=type=bind,target=/src --mount=type=cache,target=/var/c echo x > /t/deep/f && cp /src/in /out && echo y > /var/c/f
            """);
        build["in"] = "in\n";
        build.Must();
        engine.Must("save", "-o", engine.Folder["traces.tar"], "traces");
        var listing = Command.Must("sh", "-c", $"cd {engine.Folder.Path} && mkdir traces && tar -xf traces.tar -C traces && for l in $(grep -o '\"blobs/sha256/[0-9a-f]*\"' traces/manifest.json | tr -d '\"' | tail -1); do tar -tf traces/$l; done");
        Assert.Equal("out", listing);
    }

    [ChainFact]
    public void Two_builds_of_the_same_step_do_it_once_and_both_hear_it()
    {
        var build = new BuildContext(engine, "once", "FROM busybox:naru\nRUN --mount=type=cache,target=/c echo run >> /c/runs; sleep 1; echo heard; wc -l < /c/runs > /runs");
        var both = Enumerable.Range(0, 2).Select(number => Task.Run(() => engine.Naru("build", "--progress", "plain", "-t", $"once{number}", build.Folder))).ToArray();
        Task.WaitAll(both);
        Assert.All(both, one => Assert.True(one.Result.Code == 0, one.Result.ToString()));
        Assert.Equal("1", engine.Must("run", "--rm", "once0", "cat", "/runs"));
        Assert.Equal(engine.Must("inspect", "-f", "{{.Id}}", "once0"), engine.Must("inspect", "-f", "{{.Id}}", "once1"));
        Assert.All(both, one => Assert.True(one.Result.Error.Contains("heard", StringComparison.Ordinal) || BuildContext.Cached(one.Result.Error).Count == 2, one.Result.Error));
    }

    [ChainFact]
    public void Failures_name_the_step_and_the_line()
    {
        var failing = new BuildContext(engine, "failing", "FROM busybox:naru\nRUN echo before && exit 3\n").Build();
        Assert.Equal(1, failing.Code);
        Assert.Contains("process \"/bin/sh -c echo before && exit 3\" did not complete successfully: exit code: 3", failing.Error, StringComparison.Ordinal);
        Assert.Contains("   2 | >>> RUN echo before && exit 3", failing.Error, StringComparison.Ordinal);
        var missing = new BuildContext(engine, "missing", "FROM busybox:naru\nCOPY nope /\n").Build();
        Assert.Contains("\"/nope\": not found", missing.Error, StringComparison.Ordinal);
        var unknown = new BuildContext(engine, "unknown", "FROM busybox:naru\nRUNN x\n").Build();
        Assert.Contains("unknown instruction: RUNN (did you mean RUN?)", unknown.Error, StringComparison.Ordinal);
        Assert.All((Result[])[failing, missing, unknown], result => Assert.Equal(1, result.Code));
    }

    [ChainFact]
    public void A_context_cannot_reach_out_of_itself()
    {
        var build = new BuildContext(engine, "escape", "FROM busybox:naru\nRUN ln -s / /outside\nCOPY link/etc/hostname /got\n");
        File.CreateSymbolicLink(Path.Combine(build.Folder, "link"), "/");
        var result = build.Build();
        Assert.NotEqual(0, result.Code);
        Assert.Contains("not found", result.Error, StringComparison.Ordinal);

        // A link in the image leads to the image's own root.
        var inside = new BuildContext(engine, "inside", $"FROM busybox:naru\nRUN ln -s {engine.Folder.Path} /dir && ln -s / /root-link\nCOPY file /dir/\nCOPY file /root-link/here\n");
        inside["file"] = "f";
        inside.Must();
        Assert.False(File.Exists(engine.Folder["file"]));
        Assert.False(File.Exists("/here"));
        Assert.Equal("f", engine.Must("run", "--rm", "inside", "cat", "/here"));
    }

    [ChainFact]
    public void A_build_that_is_interrupted_or_whose_engine_dies_leaves_nothing()
    {
        var build = new BuildContext(engine, "cut", "FROM busybox:naru\nRUN --mount=type=tmpfs,target=/t sleep 307\n");
        var state = Path.Combine(engine.ExecRoot, "builds");
        int Running() => Directory.Exists(state) ? Directory.EnumerateFiles(state, "config.json", SearchOption.AllDirectories).Count() : 0;
        bool Clean() => engine.Folder.Mounts().Length == 0 && Directory.GetDirectories(state).All(folder => Path.GetFileName(folder) == "runtime" && Directory.GetDirectories(folder).All(left => Path.GetFileName(left).StartsWith('.'))) && !Sleeping();
        static bool Sleeping() => Command.Run("pgrep", ["-fx", "sleep 307"]).Code == 0;

        using (var client = Command.Start(Programs.Naru, ["build", "--progress", "plain", build.Folder], engine.ClientEnvironment))
        {
            Command.Until(() => Running() == 1 && Sleeping(), "the step to run");
            Command.Run("/bin/kill", ["-INT", client.Id.ToString()]);
            Assert.True(client.WaitForExit(20_000));
            Assert.NotEqual(0, client.ExitCode);
        }

        Command.Until(Clean, "an interrupted build to leave nothing");
        using (var client = Command.Start(Programs.Naru, ["build", "--progress", "plain", build.Folder], engine.ClientEnvironment))
        {
            Command.Until(() => Running() == 1 && Sleeping(), "the step to run again");
            engine.Kill();
            Assert.True(client.WaitForExit(20_000));
            Assert.NotEqual(0, client.ExitCode);
        }

        engine.Start();
        Command.Until(Clean, "a killed engine's build to leave nothing");
        var after = new BuildContext(engine, "after", "FROM busybox:naru\nRUN echo alive > /alive\n");
        after.Must();
        Assert.Equal("alive", engine.Must("run", "--rm", "after", "cat", "/alive"));
    }

    [ChainFact]
    public void What_is_kept_outlives_the_engine_and_goes_when_told()
    {
        var build = new BuildContext(engine, "kept", "FROM busybox:naru\nRUN dd if=/dev/zero of=/big bs=1M count=8 2>/dev/null\nRUN echo small > /small\n");
        build.Must();
        engine.Kill();
        engine.Start();
        Assert.Equal(3, BuildContext.Cached(build.Must()).Count);
        engine.Must("rmi", "kept");
        engine.Must("builder", "prune", "-f", "--max-used-space", "1MB");
        Assert.DoesNotContain("[2/3] RUN dd if=/dev/zero of=/big bs=1M count=8 2>/dev/null", BuildContext.Cached(build.Must()));
        engine.Must("builder", "prune", "-af");
        Assert.Equal("8388608", engine.Must("run", "--rm", "kept", "stat", "-c", "%s", "/big"));
    }

    [ChainFact]
    public void A_built_layer_is_on_the_disk_once_until_somebody_reads_it()
    {
        var build = new BuildContext(engine, "once", "FROM busybox:naru\nRUN dd if=/dev/urandom of=/big bs=1M count=9 2>/dev/null\n");
        int Large() => Directory.GetFiles(Path.Combine(engine.Data, "containerd/content/blobs/sha256")).Count(file => new FileInfo(file).Length > 9 << 20);
        build.Must();
        Assert.Equal(0, Large());
        engine.Must("builder", "prune", "-af");
        Command.Run("/bin/kill", ["-KILL", engine.Pid("naru-containerd").ToString()]);
        Command.Until(() => engine.Naru("image", "inspect", "once").Code == 0, "the engine to go on");
        var layer = engine.Must("image", "inspect", "-f", "{{index .RootFS.Layers 1}}", "once")["sha256:".Length..];
        engine.Must("save", "-o", engine.Folder["once.tar"], "once");
        Assert.Equal(1, Large());
        Assert.Equal(layer, Command.Must("sh", "-c", $"tar -xOf {engine.Folder["once.tar"]} blobs/sha256/{layer} | sha256sum")[..64]);
        engine.Must("rmi", "once");
        Command.Until(() => Large() == 0, "the layer to go");
    }

    [ChainFact]
    public void Results_go_where_the_output_says()
    {
        var build = new BuildContext(engine, "outputs", "FROM scratch\nCOPY file /dir/file\n");
        build["file"] = "content\n";
        var (local, tar, oci) = (engine.Folder["out"], engine.Folder["out.tar"], engine.Folder["out.oci"]);
        Assert.Equal(0, engine.Naru("build", "-o", local, build.Folder).Code);
        Assert.Equal("content\n", File.ReadAllText(Path.Combine(local, "dir/file")));
        Assert.Equal(0, engine.Naru("build", "-o", $"type=tar,dest={tar}", build.Folder).Code);
        Assert.Equal("content", Command.Must("tar", "-xOf", tar, "dir/file"));
        Assert.Equal(0, engine.Naru("build", "-o", $"type=oci,dest={oci}", build.Folder).Code);
        Assert.Contains("application/vnd.oci.image.manifest.v1+json", Command.Must("tar", "-xOf", oci, "index.json"), StringComparison.Ordinal);
        Assert.Equal(0, engine.Naru("build", "-o", $"type=docker,dest={tar},name=outputs:docker", build.Folder).Code);
        Assert.Equal("Loaded image: outputs:docker", engine.Must("load", "-i", tar));
    }

    [ChainFact]
    public void With_a_fixed_time_two_builds_are_one_image()
    {
        var build = new BuildContext(engine, "epoch", "FROM busybox:naru\nCOPY file /\nENV A=1\nRUN echo same > /same\n");
        build["file"] = "x";
        List<string> ids = [];
        for (var number = 0; number < 2; number++)
        {
            build.Must("--no-cache", "--build-arg", "SOURCE_DATE_EPOCH=1700000000", "--output", "type=image,name=epoch,rewrite-timestamp=true");
            ids.Add(engine.Must("inspect", "-f", "{{.Id}} {{.Created}}", "epoch"));
        }

        Assert.Equal(ids[0], ids[1]);
        Assert.EndsWith("2023-11-14T22:13:20Z", ids[0], StringComparison.Ordinal);
    }
}
