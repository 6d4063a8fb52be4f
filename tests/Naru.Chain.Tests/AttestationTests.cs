using System.Text.Json;

namespace Naru.Chain.Tests;

/// <summary>What is said of an image that is built: how it came to be, and of what parts it is. It travels with the image and is in nobody's way.</summary>
public sealed class AttestationTests(Engine engine) : IClassFixture<Engine>, IDisposable
{
    /// <summary>A generator as small as can be: counts what it sees.</summary>
    private const string Scan = """
        #!/bin/sh
        for s in $BUILDKIT_SCAN_SOURCE $BUILDKIT_SCAN_SOURCE_EXTRAS/sbom-*; do [ -d "$s" ] || continue
        echo "{\"_type\":\"https://in-toto.io/Statement/v0.1\",\"predicateType\":\"https://spdx.dev/Document\",\"predicate\":{\"spdxVersion\":\"SPDX-2.3\",\"name\":\"$(ls $s | tr '\n' ' ')$BUILDKIT_SCAN_WORD\"}}" > $BUILDKIT_SCAN_DESTINATION/$(basename $s).spdx.json
        done

        """;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [ChainFact]
    public void Statements_travel_with_an_image_and_hinder_nobody()
    {
        using var registry = new Registry(engine.Namespace, engine.Folder["attested"]);
        var generator = Generator();
        var name = registry.Name("attested:1");
        var context = new BuildContext(engine, "attested", $"FROM {Engine.Image}\nARG WORD\nRUN --mount=type=secret,id=s echo $WORD > /made\nCMD [\"cat\", \"/made\"]\n");
        File.WriteAllText(folder["s"], "never-to-be-told");
        context.Must("-t", name, "--build-arg", "WORD=told", "--secret", $"id=s,src={folder["s"]}", "--provenance=mode=max", "--sbom", $"generator={generator},WORD=said");
        Assert.Equal("told", engine.Must("run", "--rm", name));
        Assert.DoesNotContain("unknown", engine.Must("images", "--format", "{{.Repository}}:{{.Tag}} {{.ID}}"));
        Assert.Equal("amd64", engine.Must("image", "inspect", name, "--format", "{{.Architecture}}"));

        // Pushed, forgotten, pulled, saved, loaded: it stays whole, and runs.
        engine.Must("push", name);
        Check(Pushed(engine.Folder["attested"], "attested", "1"), name);
        var digest = engine.Must("image", "inspect", name, "--format", "{{index .RepoDigests 0}}");
        engine.Must("rmi", name, "attested");
        engine.Must("image", "prune", "-f");
        engine.Must("pull", name);
        Assert.Equal("told", engine.Must("run", "--rm", name));
        Assert.Equal(digest, engine.Must("image", "inspect", name, "--format", "{{index .RepoDigests 0}}"));
        engine.Must("save", "-o", folder["saved.tar"], name);
        engine.Must("rmi", name);
        engine.Must("load", "-i", folder["saved.tar"]);
        Assert.Equal("told", engine.Must("run", "--rm", name));
    }

    [ChainFact]
    public void Statements_come_beside_files_that_are_exported()
    {
        var generator = Generator();
        var context = new BuildContext(engine, "beside", $"FROM {Engine.Image} AS b\nARG BUILDKIT_SBOM_SCAN_STAGE=true\nRUN echo x > /x\nFROM scratch\nCOPY --from=b /x /x\n");
        context.Must("--provenance=true", "--sbom", $"generator={generator}", "-o", folder["out"]);
        Assert.Equal(["provenance.json", "sbom-b.spdx.json", "sbom.spdx.json", "x"], Directory.GetFiles(folder["out"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        using var provenance = JsonDocument.Parse(File.ReadAllText(folder["out/provenance.json"]));
        Assert.Equal("x", Assert.Single(provenance.RootElement.GetProperty("subject").EnumerateArray()).GetProperty("name").GetString());
        Assert.Contains("\"name\": \"x \"", File.ReadAllText(folder["out/sbom.spdx.json"]));
        Assert.Contains("etc", File.ReadAllText(folder["out/sbom-b.spdx.json"]));
        context.Must("--provenance=mode=min,filename=p.json", "-o", $"type=tar,dest={folder["out.tar"]},attestation-prefix=of-");
        Assert.Equal("of-p.json\nx", Command.Must("tar", "-tf", folder["out.tar"]));
    }

    [ChainFact]
    public void What_cannot_be_said_is_refused_by_name()
    {
        var context = new BuildContext(engine, "unsaid", $"FROM {Engine.Image}\n");
        Assert.Contains("failed to solve: invalid mode \"some\"", context.Build("--provenance=mode=some").Error);
        Assert.Contains("docker.io/library/no-such:generator", context.Build("--sbom=generator=no-such:generator").Error);
        Assert.Contains("docker exporter does not support exporting manifest lists", context.Build("--provenance=true", "-o", $"type=docker,dest={folder["x.tar"]}").Error);
        Assert.Contains("has neither an entrypoint nor a command", context.Build($"--sbom=generator={Silent()}").Error);
    }

    [BuildxFact]
    public void Buildx_says_nothing_of_an_image_unless_told()
    {
        var context = new BuildContext(engine, "told", $"FROM {Engine.Image}\nLABEL a=b\n");
        Buildx("-t", "told", context.Folder);
        Assert.Equal("application/vnd.docker.distribution.manifest.v2+json", Target("told"));
        Buildx("-t", "told", "--provenance=true", context.Folder);
        Assert.Equal("application/vnd.oci.image.index.v1+json", Target("told"));
        Assert.Equal("b", engine.Must("run", "--rm", "told", "echo", "b"));
    }

    private static void Check(string blobs, string name)
    {
        using var index = JsonDocument.Parse(File.ReadAllText(blobs));
        var manifests = index.RootElement.GetProperty("manifests");
        Assert.Equal(2, manifests.GetArrayLength());
        Assert.Equal("linux", manifests[0].GetProperty("platform").GetProperty("os").GetString());
        Assert.Equal("unknown", manifests[1].GetProperty("platform").GetProperty("os").GetString());
        Assert.Equal(manifests[0].GetProperty("digest").GetString(), manifests[1].GetProperty("annotations").GetProperty("vnd.docker.reference.digest").GetString());
        var blobFolder = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(blobs)!, "..", ".."));
        string Read(JsonElement descriptor)
        {
            var hex = descriptor.GetProperty("digest").GetString()!["sha256:".Length..];
            return File.ReadAllText(Path.Combine(blobFolder, hex[..2], hex, "data"));
        }

        using var manifest = JsonDocument.Parse(Read(manifests[1]));
        var (sbom, provenance) = (Read(manifest.RootElement.GetProperty("layers")[0]), Read(manifest.RootElement.GetProperty("layers")[1]));
        Assert.Contains("\"name\":\"bin etc made root tmp var said\"", sbom);
        Assert.Contains($"pkg:docker/{name.Replace(":1", "@1")}?platform=linux%2Famd64", sbom);
        Assert.Contains("\"build-arg:WORD\":\"told\"", provenance);
        Assert.Contains("\"secrets\":[{\"id\":\"s\"", provenance);
        Assert.DoesNotContain("never-to-be-told", provenance + sbom);
    }

    /// <summary>The file of what a tag points to, in a registry's folder.</summary>
    private static string Pushed(string registry, string repository, string tag)
    {
        var storage = Path.Combine(registry, "docker/registry/v2");
        var hex = File.ReadAllText(Path.Combine(storage, $"repositories/{repository}/_manifests/tags/{tag}/current/link"))["sha256:".Length..];
        return Path.Combine(storage, "blobs/sha256", hex[..2], hex, "data");
    }

    private string Generator()
    {
        var context = new BuildContext(engine, "generator", $"FROM {Engine.Image}\nCOPY --chmod=755 scan /bin/scan\nENTRYPOINT [\"/bin/scan\"]\n") { ["scan"] = Scan };
        context.Must();
        return context.Name;
    }

    private string Silent()
    {
        var context = new BuildContext(engine, "silent", "FROM scratch\nCOPY Dockerfile /\n");
        context.Must();
        return context.Name;
    }

    private void Buildx(params string[] arguments)
    {
        var environment = new Dictionary<string, string?> { ["DOCKER_HOST"] = engine.Host, ["DOCKER_CONFIG"] = folder["config"], ["BUILDX_CONFIG"] = folder["config/buildx"] };
        var result = Command.Run(BuildxFactAttribute.Buildx!, ["build", "--progress", "plain", .. arguments], environment: environment);
        Assert.True(result.Code == 0, result.ToString());
    }

    /// <summary>The media type of what an image's name points to.</summary>
    private string Target(string name)
    {
        engine.Must("save", "-o", folder["target.tar"], name);
        using var index = JsonDocument.Parse(Command.Must("tar", "-xOf", folder["target.tar"], "index.json"));
        return index.RootElement.GetProperty("manifests")[0].GetProperty("mediaType").GetString()!;
    }
}
