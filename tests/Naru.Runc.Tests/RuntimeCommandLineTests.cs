namespace Naru.Runc.Tests;

/// <summary>naru-runc told what runc 1.3 was told: exit codes, outputs and error lines must be those that were recorded.</summary>
/// <remarks>The snippets are tests/compare/runtime.cases, what runc said tests/compare/runtime.expected; tests/compare/runtime-cases runs them.</remarks>
public sealed class RuntimeCommandLineTests
{
    private const string Marker = "# differs: ";

    private static readonly string Folder = Path.Combine(Programs.Root, "tests/compare");

    public static TheoryData<string> Names() => [.. Sections("runtime.cases").Keys];

    [ChainTheory]
    [MemberData(nameof(Names))]
    public void Naru_runc_says_what_runc_says(string name)
    {
        var result = Command.Run(Path.Combine(Folder, "runtime-cases"), [Programs.NaruRunc], environment: new Dictionary<string, string?> { ["ONLY"] = $"^{name}$" });
        var (theirs, ours) = (Sections("runtime.expected")[name], result.Out[(result.Out.IndexOf('\n') + 1)..]);
        Assert.Equal("", result.Error);
        if (Sections("runtime.cases")[name].Contains(Marker, StringComparison.Ordinal))
            Assert.NotEqual(theirs, ours);
        else
            Assert.Equal(theirs, ours);
    }

    /// <summary>What follows each line «### name».</summary>
    private static Dictionary<string, string> Sections(string file)
    {
        var sections = new Dictionary<string, string>();
        var name = "";
        foreach (var line in File.ReadLines(Path.Combine(Folder, file)))
        {
            if (line.StartsWith("### ", StringComparison.Ordinal))
                sections[name = line[4..]] = "";
            else if (name.Length > 0)
                sections[name] += line + "\n";
        }

        return sections;
    }
}
