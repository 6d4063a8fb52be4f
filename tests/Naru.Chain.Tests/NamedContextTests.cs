using System.Text.Json;

namespace Naru.Chain.Tests;

/// <summary>What a Dockerfile stands on under a name of the client's: an image in a folder, another target of a bake file. And what is asked of a Dockerfile in place of a build.</summary>
public sealed class NamedContextTests(Engine engine) : IClassFixture<Engine>, IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [ChainFact]
    public void An_image_in_a_folder_is_a_base()
    {
        var layout = Layout();
        var context = new BuildContext(engine, "layout", "FROM base\nRUN cat /inside > /copied\nCOPY --from=base /inside /again\n");
        var digest = JsonDocument.Parse(File.ReadAllText(Path.Combine(layout, "index.json"))).RootElement.GetProperty("manifests")[0].GetProperty("digest").GetString();
        foreach (var reference in (string[])[layout, layout + ":tagged", $"{layout}@{digest}"])
        {
            var said = context.Must("--build-context", $"base=oci-layout://{reference}", "--provenance=mode=max", "-o", $"type=oci,dest={folder["out.tar"]}");
            Assert.Contains("[context base] OCI load from client", said);
        }

        engine.Must("load", "-i", folder["out.tar"]);
        Assert.Equal("from a folder\nfrom a folder", engine.Must("run", "--rm", context.Name, "cat", "/copied", "/again"));
        Assert.Contains("could not be resolved", context.Build("--build-context", $"base=oci-layout://{folder["nowhere"]}").Error);
        Assert.Contains($"content sha256:{new string('0', 64)}: not found", context.Build("--build-context", $"base=oci-layout://{layout}@sha256:{new string('0', 64)}").Error);
        Assert.Contains("failed to find target a for context base", context.Build("--build-context", "base=target:a").Error);
    }

    [BuildxFact]
    public void Buildx_lends_an_image_in_a_folder()
    {
        var context = new BuildContext(engine, "lent-layout", "FROM base\nRUN cat /inside > /copied\n");
        Buildx("build", "-t", context.Name, "--build-context", $"base=oci-layout://{Layout()}:tagged", context.Folder);
        Assert.Equal("from a folder", engine.Must("run", "--rm", context.Name, "cat", "/copied"));
    }

    [BuildxFact]
    public void A_target_of_a_bake_file_stands_on_another()
    {
        File.WriteAllText(folder["docker-bake.hcl"], $$"""
            target "base" {
              dockerfile-inline = "FROM {{Engine.Image}}\nENV WORD=baked\nRUN echo base > /base\n"
            }
            target "app" {
              dockerfile-inline = "FROM base\nRUN echo $WORD >> /base\nCOPY --from=base /base /again\n"
              contexts = { base = "target:base" }
              tags = ["baked"]
              output = ["type=docker"]
            }
            """);
        Buildx("bake", "-f", folder["docker-bake.hcl"], "app");
        Assert.Equal("base\nbaked\nbase", engine.Must("run", "--rm", "baked", "cat", "/base", "/again"));
    }

    [BuildxFact]
    public void A_Dockerfile_is_asked_instead_of_built()
    {
        var context = new BuildContext(engine, "asked", $"FROM {Engine.Image} AS first\nfrom first AS second\n");
        var checkedOf = Buildx(["build", "--call=check", context.Folder], 1);
        Assert.Contains("WARNING: ConsistentInstructionCasing", checkedOf.Out);
        Assert.Contains("subrequests.describe 1.0.0   List available subrequest types\n", Buildx("build", "--call=subrequests.describe", context.Folder).Out);
        using var described = JsonDocument.Parse(Buildx("build", "--call=subrequests.describe,format=json", context.Folder).Out);
        Assert.Equal("frontend.outline", described.RootElement[0].GetProperty("name").GetString());
        Assert.Contains("second (default)", engine.Must("build", "--call=targets", context.Folder));
        context["Dockerfile"] = "FROM scratch\nRUN --nosuch x\n";
        using var wrong = JsonDocument.Parse(Buildx(["build", "--call=check,format=json", context.Folder], 1).Out);
        Assert.Equal("dockerfile parse error on line 2: unknown flag: --nosuch", wrong.RootElement.GetProperty("buildError").GetProperty("message").GetString());
    }

    /// <summary>A folder with one image in OCI's layout.</summary>
    private string Layout()
    {
        var context = new BuildContext(engine, "inside", $"FROM {Engine.Image}\nRUN echo from a folder > /inside\n");
        var built = engine.Naru("build", "-t", "inside:tagged", "-o", $"type=oci,dest={folder["layout.tar"]}", context.Folder);
        Assert.True(built.Code == 0, built.ToString());
        Directory.CreateDirectory(folder["layout"]);
        Command.Must("tar", "-xf", folder["layout.tar"], "-C", folder["layout"]);
        return folder["layout"];
    }

    private Result Buildx(params string[] arguments) => Buildx(arguments, 0);

    private Result Buildx(string[] arguments, int code)
    {
        var environment = new Dictionary<string, string?> { ["DOCKER_HOST"] = engine.Host, ["DOCKER_CONFIG"] = folder["config"], ["BUILDX_CONFIG"] = folder["config/buildx"] };
        var result = Command.Run(BuildxFactAttribute.Buildx!, [arguments[0], "--progress", "plain", .. arguments[1..]], environment: environment);
        Assert.True(result.Code == code, result.ToString());
        return result;
    }
}
