using System.Text.Json.Nodes;
using Naru.Base.Paths;
using Naru.Build.Planning;
using Naru.Oci;
using Naru.Tests.House;

namespace Naru.Tests.Build.Planning;

/// <summary>Each Dockerfile of tests/corpus is planned as BuildKit planned it.</summary>
public class CorpusTests
{
    private static readonly string s_corpus = Path.Combine(Repository.Root, "tests", "corpus");
    private static readonly JsonObject s_expected = JsonNode.Parse(File.ReadAllText(Path.Combine(s_corpus, "buildkit.json")))!.AsObject();

    public static TheoryData<string> Names
    {
        get
        {
            var names = new TheoryData<string>();
            foreach (var (name, _) in s_expected)
                names.Add(name);
            return names;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_plan_is_BuildKits(string name)
    {
        var folder = Path.Combine(s_corpus, name);
        var ignore = Path.Combine(folder, IgnoreFile.Name);
        var options = new PlanOptions
        {
            Platforms = [new Platform { Os = "linux", Architecture = "amd64" }],
            BuildPlatform = new Platform { Os = "linux", Architecture = "amd64" },
            PlatformIsImplied = true,
            Ignore = File.Exists(ignore) ? IgnoreFile.Read(File.ReadAllBytes(ignore)) : [],
        };
        var plan = await Plans.Of(File.ReadAllBytes(Path.Combine(folder, "Dockerfile")), options);
        var image = Assert.Single(plan.Images);
        var expected = s_expected[name]!;
        var config = JsonNode.Parse((image.Config with { History = null }).Write())!.AsObject();
        config.Remove("rootfs");
        Assert.True(JsonNode.DeepEquals(expected["config"], config), $"{expected["config"]}\n{config}");
        Assert.Equal(Texts(expected["history"]), (image.Config.History ?? []).Select(entry => (entry.EmptyLayer ? "- " : "+ ") + entry.CreatedBy));
        Assert.Equal(Texts(expected["warnings"]), plan.Warnings.Select(warning => warning.Short).Order(StringComparer.Ordinal));
        // BuildKit counts a step twice where ONBUILD brings in a stage.
        if (name != "onbuild-copy-from")
            Assert.Equal(Texts(expected["steps"]), Plans.Names(image.Result).Where(IsCompared).Select(step => step.TrimEnd()).Distinct().Order(StringComparer.Ordinal));
    }

    private static bool IsCompared(string step) =>
        !step.StartsWith("[internal]", StringComparison.Ordinal) && !step.Contains("FROM docker.io/") && !step.Contains("] LINK ");

    private static IEnumerable<string> Texts(JsonNode? list) => list!.AsArray().Select(one => one!.GetValue<string>());
}
