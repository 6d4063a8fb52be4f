using Naru.Base;
using Naru.Build.Dockerfile;
using Naru.Build.Graph;
using Naru.Build.Planning;
using Naru.Oci;

namespace Naru.Tests.Build.Planning;

public class PlannerTests
{
    [Fact]
    public async Task Proxies_reach_RUN_and_neither_its_key_nor_history()
    {
        var plain = Assert.Single((await Plans.Of("FROM busybox:naru\nRUN x")).Images);
        var given = Assert.Single((await Plans.Of("FROM busybox:naru\nRUN x", With(("https_proxy", "http://p")))).Images);
        var run = Assert.IsType<RunStep>(given.Result);
        Assert.Equal(["HTTPS_PROXY=http://p", "https_proxy=http://p"], run.ProxyEnvironment);
        Assert.Equal(plain.Result!.Digest, run.Digest);
        Assert.Equal("RUN /bin/sh -c x # buildkit", given.Config.History![^1].CreatedBy);
    }

    [Fact]
    public async Task Build_arguments_count_only_where_they_are_declared()
    {
        var plan = await Plans.Of("FROM busybox:naru\nRUN one\nARG A=1\nRUN two", With(("A", "2")));
        var steps = Plans.Steps(plan.Images[0].Result).OfType<RunStep>().ToList();
        Assert.DoesNotContain("A=2", steps[0].Environment);
        Assert.Contains("A=2", steps[1].Environment);
        Assert.Equal("RUN |1 A=2 /bin/sh -c two # buildkit", plan.Images[0].Config.History![^1].CreatedBy);
    }

    [Fact]
    public async Task Only_stages_that_the_target_needs_are_planned()
    {
        const string File = "FROM nowhere AS unused\nRUN x\nFROM busybox:naru AS a\nRUN a\nFROM busybox:naru AS b\nRUN b";
        Assert.Equal(["[a 1/2] FROM docker.io/library/busybox:naru", "[a 2/2] RUN a"], Plans.Names((await Plans.Of(File, Plans.Options with { Target = "a" })).Images[0].Result));
        Assert.Equal("[b 2/2] RUN b", (await Plans.Of(File, Plans.Options with { Target = "2" })).Images[0].Result!.Name);
        var error = await Assert.ThrowsAsync<NaruException>(() => Plans.Of(File, Plans.Options with { Target = "unusd" }));
        Assert.Equal("target stage \"unusd\" could not be found (did you mean unused?)", error.Message);
    }

    [Fact]
    public async Task The_context_is_asked_for_what_is_used()
    {
        var plan = await Plans.Of("FROM busybox:naru\nCOPY a b* /x/\nRUN --mount=source=dir/c,target=/c true\nADD http://h/f git@h:r /y/");
        Assert.Equal(["a", "b*", "dir/c"], Assert.Single(Plans.Steps(plan.Images[0].Result).OfType<ContextStep>()).Follow);
        var whole = await Plans.Of("FROM busybox:naru\nCOPY a /x/\nCOPY . /y");
        Assert.Empty(Assert.Single(Plans.Steps(whole.Images[0].Result).OfType<ContextStep>()).Follow);
    }

    [Fact]
    public async Task ADD_fetches_URLs_and_repositories()
    {
        var digest = Digest.Of("x"u8);
        var plan = await Plans.Of($"FROM busybox:naru\nADD --checksum={digest} https://h/dir/file.tar?x=1 /d/\nADD --keep-git-dir https://h/r.git#v1:sub /r");
        var http = Assert.Single(Plans.Steps(plan.Images[0].Result).OfType<HttpStep>());
        Assert.Equal(("file.tar", digest), (http.FileName, http.Checksum));
        var git = Assert.Single(Plans.Steps(plan.Images[0].Result).OfType<GitStep>());
        Assert.Equal(("https://h/r.git", "v1", "sub", true), (git.Remote, git.Ref, git.Subfolder, git.KeepGitFolder));
        Assert.False(Assert.IsType<CopyAction>(Assert.Single(Plans.Steps(plan.Images[0].Result).OfType<FileStep>().First().Actions)).Unpack);
    }

    [Fact]
    public async Task A_linked_copy_is_a_layer_of_its_own()
    {
        var plan = await Plans.Of("FROM busybox:naru\nRUN x\nCOPY --link a /b");
        var merge = Assert.IsType<MergeStep>(plan.Images[0].Result);
        Assert.IsType<RunStep>(merge.Parts[0]);
        Assert.Null(Assert.IsType<FileStep>(merge.Parts[1]).Root);
    }

    [Fact]
    public async Task A_named_context_takes_the_place_of_a_stage_or_an_image()
    {
        const string File = "FROM nowhere AS base\nRUN never\nFROM busybox:naru\nCOPY --from=base /a /a\nCOPY --from=other /b /b";
        var contexts = new Dictionary<string, string> { ["base"] = "docker-image://busybox:naru", ["other"] = "local:other" };
        var plan = await Plans.Of(File, Plans.Options with { NamedContexts = contexts, NamedIgnore = new Dictionary<string, IReadOnlyList<string>> { ["other"] = ["*.log"] } });
        var folder = Assert.Single(Plans.Steps(plan.Images[0].Result).OfType<ContextStep>());
        Assert.Equal("other", folder.Local);
        Assert.Equal(["*.log"], folder.Exclude);
        Assert.DoesNotContain(Plans.Names(plan.Images[0].Result), name => name.Contains("never"));
        Assert.Contains("[context base] busybox:naru", Plans.Names(plan.Images[0].Result));
        var refused = await Assert.ThrowsAnyAsync<NaruException>(() => Plans.Of("FROM x", Plans.Options with { NamedContexts = new Dictionary<string, string> { ["x"] = "ftp://y" } }));
        Assert.Equal("named context x: ftp://y is not supported: local folders, images, OCI layouts, git repositories and URLs are", refused.Message);
    }

    [Fact]
    public async Task An_image_keeps_the_platform_of_its_base_unless_one_is_asked_for()
    {
        var options = Plans.Options with { Platforms = [new() { Os = "linux", Architecture = "arm64" }] };
        var asked = await Plans.Of("FROM busybox:naru", options);
        Assert.Equal("arm64", asked.Images[0].Config.Architecture);
        Assert.StartsWith("InvalidBaseImagePlatform: Base image busybox:naru was pulled with platform \"linux/amd64\", expected \"linux/arm64\" for current build", Assert.Single(asked.Warnings).Short);
        Assert.Equal("amd64", (await Plans.Of("FROM busybox:naru", options with { PlatformIsImplied = true })).Images[0].Config.Architecture);
    }

    [Fact]
    public async Task ONBUILD_of_an_image_runs_first_and_is_gone()
    {
        var plan = await Plans.Of("FROM busybox:naru\nRUN mine", null, "RUN theirs", "ENV T=1");
        Assert.Equal(["[1/2] FROM docker.io/library/busybox:naru", "[2/4] ONBUILD RUN theirs", "[3/4] RUN mine"], Plans.Names(plan.Images[0].Result));
        Assert.Null(plan.Images[0].Config.Config!.OnBuild);
        Assert.Contains("T=1", plan.Images[0].Config.Config!.Env!);
    }

    [Fact]
    public async Task Secrets_and_agents_become_mounts()
    {
        var plan = await Plans.Of("FROM busybox:naru\nWORKDIR /w\nRUN --mount=type=secret,id=a --mount=type=secret,id=b,env=B,required --mount=type=secret,source=c,target=c.txt,mode=0444 --mount=type=ssh x");
        var run = Assert.IsType<RunStep>(plan.Images[0].Result);
        Assert.Equal(["/run/secrets/a", "", "/w/c.txt", "/run/buildkit/ssh_agent.0"], run.Mounts.Select(mount => mount.Target));
        Assert.Equal([false, true, false, false], run.Mounts.Select(mount => mount.Required));
        Assert.Equal([256, 256, 292, 384], run.Mounts.Select(mount => mount.Mode ?? 0));
        Assert.Contains("SSH_AUTH_SOCK=/run/buildkit/ssh_agent.0", run.Environment);
    }

    [Fact]
    public async Task What_RUN_may_not_do_is_refused()
    {
        Assert.Equal("failed to load LLB: network.host is not allowed", (await Refused("FROM busybox:naru\nRUN --network=host x")).Message);
        Assert.Equal("failed to load LLB: security.insecure is not allowed", (await Refused("FROM busybox:naru\nRUN --security=insecure x")).Message);
        var allowed = await Plans.Of("FROM busybox:naru\nRUN --network=host x", Plans.Options with { Entitlements = ["network.host"] });
        Assert.Equal(RunNetwork.Host, Assert.IsType<RunStep>(allowed.Images[0].Result).Network);
    }

    [Theory]
    [InlineData("FROM busybox:naru AS a\nCOPY --from=b x /\nFROM busybox:naru AS b\nCOPY --from=a x /", "circular dependency detected on stage: a")]
    [InlineData("FROM busybox:naru AS a\nCOPY --from=0 a.txt /", "circular dependency detected on stage: a")]
    [InlineData("FROM busybox:naru AS a\nCOPY --from=b /a /a\nFROM busybox:naru AS b\nFROM a", "cannot copy from stage \"b\", it needs to be defined before current stage \"a\"")]
    [InlineData("FROM busybox:naru\nCOPY --from=5 a.txt /", "invalid stage index 5")]
    [InlineData("FROM busybox:naru\nCOPY http://x/y /x", "source can't be a URL for COPY")]
    [InlineData("FROM busybox:naru\nCOPY git@x.y:z /", "source can't be a git ref for COPY")]
    [InlineData("FROM busybox:naru\nADD --checksum=md5:x http://x/y /", "unsupported digest algorithm")]
    [InlineData("FROM busybox:naru\nADD --checksum=sha256:x http://a/b /", "invalid checksum digest length")]
    [InlineData("FROM busybox:naru\nADD --checksum=md5:x a /", "checksum requires HTTP(S) or Git sources")]
    [InlineData("FROM busybox:naru\nCOPY --chmod=99999 a.txt /", "invalid chmod parameter: '99999'. it should be octal string and between 0 and 07777")]
    [InlineData("FROM busybox:naru\nCOPY --chmod=u+q a.txt /", "invalid syntax")]
    [InlineData("FROM busybox:naru\nEXPOSE 80/foo", "invalid port: \"80/foo\": invalid proto: foo")]
    [InlineData("FROM busybox:naru\nEXPOSE 1.2.3:80:90", "invalid IP address: 1.2.3")]
    [InlineData("FROM busybox:naru\nEXPOSE 10-20:80-85", "invalid ranges specified for container and host Ports: 80-85 and 10-20")]
    [InlineData("FROM busybox:naru\nSTOPSIGNAL FOO", "invalid signal: FOO")]
    [InlineData("FROM busybox:naru\nVOLUME $x", "VOLUME specified can not be an empty string")]
    [InlineData("FROM busybox:naru\nENV a=${b:?no}", "failed to process \"${b:?no}\": b: no")]
    [InlineData("FROM busybox:naru\nRUN --mount=type=foo x", "unsupported mount type \"foo\"")]
    [InlineData("FROM busybox:naru\nRUN --mount=type=bind,fro=x x", "unexpected key 'fro' in 'fro=x' (did you mean from?)")]
    [InlineData("FROM busybox:naru\nRUN --mount=type=cache,sharing=lock x", "unsupported sharing value \"lock\" (did you mean locked?)")]
    [InlineData("FROM busybox:naru\nRUN --mount=type=bind,mode=0777,target=/x x", "mode not allowed for \"bind\" type mounts")]
    [InlineData("FROM busybox:naru\nRUN --mount=target=/ x", "invalid mount target \"/\"")]
    [InlineData("FROM $x", "base name ($x) should not be blank")]
    [InlineData("FROM busybox:naru:foo", "failed to parse stage name \"busybox:naru:foo\": invalid reference format")]
    [InlineData("FROM Busybox:naru", "failed to parse stage name \"Busybox:naru\": invalid reference format: repository name (library/Busybox) must be lowercase")]
    [InlineData("FROM --platform=$x busybox:naru", "empty platform value from expression $x")]
    [InlineData("# check=error=true\nFROM busybox:naru AS Build\nCMD a", "lint violation found for rules: JSONArgsRecommended, StageNameCasing")]
    [InlineData("# check=foo=bar\nFROM busybox:naru", "failed to parse check options: invalid check option \"foo\"")]
    [InlineData("FROM busybox:latst", "busybox:latst: failed to resolve source metadata for docker.io/library/busybox:latst: not found (did you mean busybox:latest?)")]
    [InlineData("# syntax=some/frontend:1\nFROM busybox:naru", "frontend some/frontend:1 cannot run here: only docker/dockerfile, which is built in, can")]
    public async Task A_plan_that_cannot_be_says_why_as_BuildKit_does(string dockerfile, string message) => Assert.Equal(message, (await Refused(dockerfile)).Message);

    [Fact]
    public async Task Several_platforms_are_planned_apart_on_one_context()
    {
        Platform[] platforms = [new() { Os = "linux", Architecture = "amd64" }, new() { Os = "linux", Architecture = "arm64" }];
        var plan = await Plans.Of("FROM --platform=$BUILDPLATFORM busybox:naru AS b\nARG TARGETARCH\nCOPY a /\nRUN echo $TARGETARCH\nFROM scratch\nCOPY --from=b / /", Plans.Options with { Platforms = platforms });
        Assert.Equal(["amd64", "arm64"], plan.Images.Select(image => image.Config.Architecture));
        Assert.Contains("[linux/amd64 b 3/3] RUN echo amd64", Plans.Names(plan.Images[0].Result));
        Assert.Contains("[linux/amd64->arm64 b 3/3] RUN echo arm64", Plans.Names(plan.Images[1].Result));
        Assert.Single(plan.Images.SelectMany(image => Plans.Steps(image.Result).OfType<ContextStep>()).Select(step => step.Digest).Distinct());
    }

    [Fact]
    public async Task Labels_and_the_epoch_of_the_options_are_in_the_image()
    {
        var options = Plans.Options with { Labels = new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" }, SourceDateEpoch = DateTimeOffset.UnixEpoch };
        var image = Assert.Single((await Plans.Of("FROM busybox:naru\nLABEL b=1 c=3\nRUN x", options)).Images);
        Assert.Equal(["a=1", "b=2", "c=3"], image.Config.Config!.Labels!.Select(label => $"{label.Key}={label.Value}"));
        Assert.Equal(["1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"], image.Config.History!.Skip(1).Select(entry => entry.Created));
    }

    [Fact]
    public async Task Check_tells_all_and_runs_nothing()
    {
        var check = await Plans.Planner("FROM busybox:naru AS Build\nCMD a\nCMD b\n").Check(default);
        Assert.Null(check.Error);
        Assert.Equal(["StageNameCasing", "JSONArgsRecommended", "MultipleInstructionsDisallowed", "JSONArgsRecommended"], check.Warnings.Select(warning => warning.Rule.Name));
        Assert.StartsWith("\nWARNING: StageNameCasing - https://docs.docker.com/go/dockerfile/rule/stage-name-casing/\nStage name 'Build' should be lowercase\nDockerfile:1\n", check.ToText());
        var failed = await Plans.Planner("FROM busybox:naru\nENV a=${\n").Check(default);
        Assert.Contains("\"message\": \"failed to process \\\"${\\\": syntax error: missing '}'\"", System.Text.Encoding.UTF8.GetString(failed.ToJson()));
    }

    [Fact]
    public async Task Outline_and_targets_are_BuildKits()
    {
        const string File = """
            # gv the version
            ARG gv=1
            ARG unusedg=2
            # base is the base
            FROM busybox:naru AS base
            # v what v is
            ARG v=${gv}
            ARG TARGETARCH
            # final does it
            FROM base AS final
            ARG w
            RUN --mount=type=secret,id=tok,required --mount=type=ssh --mount=type=secret,id=opt echo $v
            FROM base AS other
            ARG z

            """;
        var planner = Plans.Planner(File, Plans.Options with { Target = "final" });
        Assert.Equal("""
            TARGET:      final
            DESCRIPTION: does it

            BUILD ARG   VALUE   DESCRIPTION
            v                   what v is
            w                   

            SECRET   REQUIRED
            tok      true
            opt      

            SSH       REQUIRED
            default   


            """, (await planner.Outline(default)).ToText());
        Assert.Equal("TARGET          DESCRIPTION\nbase            is the base\nfinal           does it\nother (default) \n", planner.Targets().ToText());
    }

    [Theory]
    [InlineData("ARG T=naru\nFROM busybox:$T", "")]
    [InlineData("ARG TAG=1\nFROM busybox:${TG}naru", "UndefinedArgInFrom: FROM argument 'TG' is not declared (did you mean TAG?) (line 2)")]
    [InlineData("FROM busybox:naru\nENV FOO=1\nENV G=$FO", "UndefinedVar: Usage of undefined variable '$FO' (did you mean $FOO?) (line 3)")]
    [InlineData("FROM busybox:naru\nWORKDIR a", "WorkdirRelativePath: Relative workdir \"a\" can have unexpected results if the base image changes (line 2)")]
    [InlineData("FROM busybox:naru\nARG KEY_FILE Public_Key secretx", "SecretsUsedInArgOrEnv: Do not use ARG or ENV instructions for sensitive data (ARG \"KEY_FILE\") (line 2)")]
    [InlineData("FROM busybox:naru\nEXPOSE 1:2", "ExposeInvalidFormat: EXPOSE instruction should not define an IP address or host-port mapping, found '1:2' (line 2)")]
    [InlineData("# check=experimental=CopyIgnoredFile\nFROM busybox:naru\nCOPY x.md /", "CopyIgnoredFile: Attempting to Copy file \"x.md\" that is excluded by .dockerignore (line 3)")]
    [InlineData("FROM busybox:naru\nCOPY x.md /", "")]
    [InlineData("FROM --platform=linux/amd64 busybox:naru", "FromPlatformFlagConstDisallowed: FROM --platform flag should not use constant value \"linux/amd64\" (line 1)")]
    public async Task The_linter_says(string dockerfile, string warning) =>
        Assert.Equal(warning, string.Join('\n', (await Plans.Of(dockerfile, Plans.Options with { Ignore = ["*.md"] })).Warnings.Select(one => one.Short)));

    private static PlanOptions With(params (string Name, string Value)[] args) => Plans.Options with { BuildArgs = args.ToDictionary(arg => arg.Name, arg => arg.Value) };

    private static Task<NaruException> Refused(string dockerfile) => Assert.ThrowsAnyAsync<NaruException>(() => Plans.Of(dockerfile));
}
