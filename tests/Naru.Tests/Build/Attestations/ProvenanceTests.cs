using System.Text.Json;
using Naru.Build.Attestations;
using Naru.Build.Graph;
using Naru.Oci;
using Naru.Tests.Build.Planning;

namespace Naru.Tests.Build.Attestations;

public sealed class ProvenanceTests
{
    private const string Dockerfile = """
        FROM busybox:naru AS build
        ARG FOO=bar
        RUN --mount=type=secret,id=tok,required --mount=type=ssh echo made $FOO > /out
        FROM scratch
        COPY --from=build --chown=1:staff --chmod=0640 /out /out
        """;

    private static readonly Dictionary<string, string> Asked = new()
    {
        ["build-arg:FOO"] = "baz",
        ["build-arg:HTTP_PROXY"] = "http://me:word@proxy:1",
        ["label:x"] = "y",
        ["target"] = "",
        ["filename"] = "Dockerfile",
        ["platform"] = "linux/amd64",
        ["image-resolve-mode"] = "local",
        ["attest:provenance"] = "mode=max",
        ["context:more"] = "https://me:word@example.com/x.git",
        ["vcs:source"] = "https://me:word@example.com/o/r.git",
        ["vcs:revision"] = "044df9bb",
    };

    [Fact]
    public async Task Everything_is_told_when_everything_is_asked_for()
    {
        var predicate = await Tell("mode=max");
        Assert.Equal("https://mobyproject.org/buildkit@v1", predicate.GetProperty("buildType").GetString());
        var material = Assert.Single(predicate.GetProperty("materials").EnumerateArray());
        Assert.StartsWith("pkg:docker/busybox@naru?platform=linux%2Famd64", material.GetProperty("uri").GetString());
        Assert.Equal(64, material.GetProperty("digest").GetProperty("sha256").GetString()!.Length);
        var invocation = predicate.GetProperty("invocation");
        Assert.Equal("Dockerfile", invocation.GetProperty("configSource").GetProperty("entryPoint").GetString());
        var parameters = invocation.GetProperty("parameters");
        Assert.Equal("""{"build-arg:FOO":"baz","build-arg:HTTP_PROXY":"http://xxxxx@proxy:1","context:more":"https://xxxxx@example.com/x.git","label:x":"y","target":""}""", parameters.GetProperty("args").GetRawText());
        Assert.Equal("""[{"id":"tok"}]""", parameters.GetProperty("secrets").GetRawText());
        Assert.Equal("""[{"id":"default","optional":true}]""", parameters.GetProperty("ssh").GetRawText());
        Assert.Equal("""[{"name":"dockerfile"}]""", parameters.GetProperty("locals").GetRawText());
        var metadata = predicate.GetProperty("metadata");
        Assert.Equal("""{"parameters":true,"environment":true,"materials":false}""", metadata.GetProperty("completeness").GetRawText());
        Assert.Equal("build-1", metadata.GetProperty("buildInvocationID").GetString());
        var own = metadata.GetProperty("https://mobyproject.org/buildkit@v1#metadata");
        Assert.Equal("""{"revision":"044df9bb","source":"https://xxxxx@example.com/o/r.git"}""", own.GetProperty("vcs").GetRawText());
        Assert.Equal(Dockerfile, System.Text.Encoding.UTF8.GetString(own.GetProperty("source").GetProperty("infos")[0].GetProperty("data").GetBytesFromBase64()));
        var steps = predicate.GetProperty("buildConfig").GetProperty("llbDefinition");
        Assert.Equal(4, steps.GetArrayLength());
        Assert.StartsWith("docker-image://docker.io/library/busybox:naru@sha256:", steps[0].GetProperty("op").GetProperty("Op").GetProperty("source").GetProperty("identifier").GetString());
        var run = steps[1].GetProperty("op").GetProperty("Op").GetProperty("exec");
        Assert.Contains("FOO=baz", run.GetProperty("meta").GetProperty("env").EnumerateArray().Select(line => line.GetString()));
        Assert.Equal("""{"input":-1,"dest":"/run/secrets/tok","output":-1,"mountType":1,"secretOpt":{"ID":"tok","mode":256}}""", run.GetProperty("mounts")[1].GetRawText());
        Assert.Equal("""["step0:0"]""", steps[1].GetProperty("inputs").GetRawText());
        var copy = steps[2].GetProperty("op").GetProperty("Op").GetProperty("file").GetProperty("actions")[0].GetProperty("Action").GetProperty("copy");
        Assert.Equal("""{"user":{"User":{"byId":1}},"group":{"User":{"byName":{"name":"staff"}}}}""", copy.GetProperty("owner").GetRawText());
        Assert.Equal(0x1A0, copy.GetProperty("mode").GetInt32());
        Assert.Equal("""{"id":"step3","op":{"Op":{}},"inputs":["step2:0"]}""", steps[3].GetRawText());
        Assert.Equal(4, predicate.GetProperty("buildConfig").GetProperty("digestMapping").EnumerateObject().Count());
    }

    [Fact]
    public async Task The_short_form_tells_no_argument_no_secret_and_no_step()
    {
        var predicate = await Tell("mode=min,builder-id=https://me/x,reproducible=true");
        var text = predicate.GetRawText();
        foreach (var hidden in (string[])["baz", "label:x", "\"tok\"", "llbDefinition", "word"])
            Assert.DoesNotContain(hidden, text);
        Assert.False(predicate.GetProperty("metadata").GetProperty("completeness").GetProperty("parameters").GetBoolean());
        Assert.True(predicate.GetProperty("metadata").GetProperty("reproducible").GetBoolean());
        Assert.Equal("https://me/x", predicate.GetProperty("builder").GetProperty("id").GetString());
        Assert.Contains("\"vcs\"", text);
    }

    [Fact]
    public async Task Version_one_has_its_own_shape()
    {
        var predicate = await Tell("version=v1");
        var definition = predicate.GetProperty("buildDefinition");
        Assert.Equal("Dockerfile", definition.GetProperty("externalParameters").GetProperty("configSource").GetProperty("path").GetString());
        Assert.Equal("baz", definition.GetProperty("externalParameters").GetProperty("request").GetProperty("args").GetProperty("build-arg:FOO").GetString());
        Assert.Equal(4, definition.GetProperty("internalParameters").GetProperty("buildConfig").GetProperty("llbDefinition").GetArrayLength());
        Assert.Equal(1, definition.GetProperty("resolvedDependencies").GetArrayLength());
        var metadata = predicate.GetProperty("runDetails").GetProperty("metadata");
        Assert.Equal("build-1", metadata.GetProperty("invocationId").GetString());
        Assert.True(metadata.GetProperty("buildkit_completeness").GetProperty("request").GetBoolean());
    }

    private static async Task<JsonElement> Tell(string asked)
    {
        var plan = await Plans.Of(Dockerfile, Plans.Options with { BuildArgs = new Dictionary<string, string> { ["FOO"] = "baz" } });
        var options = new AttestOptions().With("provenance", asked).Provenance!;
        var facts = new BuildFacts
        {
            Attest = new AttestOptions(),
            Attributes = Asked,
            Id = "build-1",
            Started = DateTimeOffset.UnixEpoch,
            Dockerfile = System.Text.Encoding.UTF8.GetBytes(Dockerfile),
            FileName = "Dockerfile",
            ReadStep = new ContextStep { Name = "", Platform = Platform.Host, Local = "dockerfile" },
            ResultOf = _ => null,
        };
        var said = Provenance.Of(facts, options, plan.Images[0].Result, _ => null);
        using var document = JsonDocument.Parse(said.Predicate);
        return document.RootElement.Clone();
    }
}
