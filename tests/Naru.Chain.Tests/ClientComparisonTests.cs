using System.Text.RegularExpressions;

namespace Naru.Chain.Tests;

/// <summary>naru and docker 28 told the same, on one engine: what they print and how they exit must be the same.</summary>
/// <remarks>The snippets are tests/compare/client.cases. naru runs through a link named docker, so that its own name is the same too.</remarks>
public sealed partial class ClientComparisonTests(Engine engine) : IClassFixture<Engine>
{
    public static TheoryData<string> Names() => [.. Snippets().Keys];

    [ComparisonTheory]
    [MemberData(nameof(Names))]
    public void Both_clients_print_the_same(string name)
    {
        var snippet = Snippets()[name];
        Directory.CreateDirectory(engine.Folder["as-docker"]);
        var link = Path.Combine(engine.Folder["as-docker"], "docker");
        if (!File.Exists(link))
            File.CreateSymbolicLink(link, Programs.Naru);
        var theirs = Lines(snippet, Programs.Original("docker"));
        var ours = Lines(snippet, link);
        Assert.True(theirs.SequenceEqual(ours), $"{name}:\n{string.Join('\n', Differences(theirs, ours))}");
    }

    private string[] Lines(string snippet, string client)
    {
        var environment = engine.ClientEnvironment;
        environment["COLUMNS"] = "80";
        environment["TMPDIR"] = engine.Folder["config"];
        var result = Command.Run("bash", ["-c", $"exec 2>&1; docker() {{ {client} \"$@\"; }}\n{snippet}"], "", environment, "/");
        return [.. Normal(result.Out).Split('\n').Append($"exit {result.Code}")];
    }

    /// <summary>What may differ from one run to the next: ids, times, sizes in flight, and blanks that follow from their widths.</summary>
    private static string Normal(string text)
    {
        foreach (var (pattern, word) in Varying)
            text = pattern.Replace(text, word);
        return text;
    }

    private static readonly (Regex Pattern, string Word)[] Varying =
    [
        (Digest(), "sha256:<digest>"),
        (Id(), "<id>"),
        (CutId(), "<id>…"),
        (Time(), "<time>"),
        (Ago(), "<ago>"),
        (Mac(), "<mac>"),
        (Blanks(), " "),
        // the original's typing error, and its own version
        (Typo(), "Run"),
        (Client(), "<version>"),
        (Nul(), ""),
    ];

    private static IEnumerable<string> Differences(string[] theirs, string[] ours)
    {
        for (var line = 0; line < Math.Max(theirs.Length, ours.Length); line++)
        {
            var (one, other) = (theirs.ElementAtOrDefault(line), ours.ElementAtOrDefault(line));
            if (one == other)
                continue;
            yield return $"  docker: {one}\n  naru:   {other}";
            if (theirs.Length != ours.Length)
                yield break; // what follows is shifted
        }
    }

    private static Dictionary<string, string> Snippets()
    {
        var snippets = new Dictionary<string, string>();
        var name = "";
        foreach (var line in File.ReadLines(Path.Combine(Programs.Root, "tests/compare/client.cases")))
        {
            if (line.StartsWith("### ", StringComparison.Ordinal))
                snippets[name = line[4..]] = "";
            else if (name.Length > 0)
                snippets[name] += line + "\n";
        }

        return snippets;
    }

    [GeneratedRegex("sha256:[0-9a-f]{64}")]
    private static partial Regex Digest();

    [GeneratedRegex(@"\b([0-9a-f]{64}|[0-9a-f]{12})\b")]
    private static partial Regex Id();

    [GeneratedRegex("[0-9a-f]{14}…")]
    private static partial Regex CutId();

    [GeneratedRegex(@"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")]
    private static partial Regex Time();

    [GeneratedRegex(@"\b(About an?|Less than an?|\d+) (second|minute|hour|day|week|month)s?( ago)?\b")]
    private static partial Regex Ago();

    [GeneratedRegex("([0-9a-f]{2}:){5}[0-9a-f]{2}")]
    private static partial Regex Mac();

    [GeneratedRegex(" {2,}")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"\bSRun\b")]
    private static partial Regex Typo();

    [GeneratedRegex(@"(?<=/v)1\.\d+(?=/)")]
    private static partial Regex Client();

    [GeneratedRegex(@"\0|\^@")]
    private static partial Regex Nul();
}
