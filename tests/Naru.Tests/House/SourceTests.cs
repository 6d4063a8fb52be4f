namespace Naru.Tests.House;

public sealed class SourceTests
{
    private static readonly string[] s_code = ["src", "tests", "bench", "protos", "eng"];

    [Fact]
    public void No_source_file_is_too_long() =>
        Assert.Empty(Repository.Files(s_code, "*").Where(IsText).SelectMany(path => SourceRules.TooLong(path, Repository.Read(path))));

    [Fact]
    public void A_file_of_801_lines_is_named()
    {
        Assert.Empty(SourceRules.TooLong("a.cs", new string('\n', 800)));
        Assert.Equal(["a.cs has 801 lines; 800 is the most"], SourceRules.TooLong("a.cs", new string('\n', 801)));
    }

    [Fact]
    public void Nothing_is_left_for_later() =>
        Assert.Empty(Repository.Files(s_code, "*").Where(IsText).SelectMany(path => SourceRules.Unfinished(path, Repository.Read(path))));

    [Fact]
    public void A_note_for_later_is_named() =>
        Assert.Equal(["a.cs:2 says " + "TO" + "DO"], SourceRules.Unfinished("a.cs", "int a;\n// TO" + "DO: more\n"));

    [Fact]
    public void One_property_names_the_framework()
    {
        string[] files = ["Directory.Build.props", "Directory.Packages.props",
            .. Repository.Files(["src", "tests", "bench"], "*.csproj"), .. Repository.Files(["src", "tests", "bench"], "*.props")];
        Assert.Empty(files.SelectMany(path => SourceRules.NamesFramework(path, Repository.Read(path))));
    }

    [Fact]
    public void A_second_framework_is_named()
    {
        const string once = "<NaruTargetFramework Condition=\"''\">net9.0</NaruTargetFramework><TargetFramework>$(NaruTargetFramework)</TargetFramework>";
        Assert.Empty(SourceRules.NamesFramework("Directory.Build.props", once));
        Assert.Single(SourceRules.NamesFramework("Directory.Build.props", once + "<TargetFramework>net10.0</TargetFramework>"));
        Assert.Single(SourceRules.NamesFramework("src/a/a.csproj", "<TargetFramework>net10.0</TargetFramework>"));
        Assert.Single(SourceRules.NamesFramework("src/a/a.csproj", "<TargetFrameworks>net9.0;net10.0</TargetFrameworks>"));
    }

    [Fact]
    public void The_documents_name_only_targets_that_the_Makefile_has() =>
        Assert.Empty(Documents().SelectMany(path => SourceRules.UnknownTargets(path, Repository.Read(path), Repository.Read("Makefile"))));

    [Fact]
    public void A_command_without_a_target_is_named()
    {
        const string makefile = "build:\n\t@true\nrun: build\n";
        Assert.Empty(SourceRules.UnknownTargets("R.md", "Say `make run`.\n\n    make build\n", makefile));
        Assert.Equal(["R.md says `make fly`, which the Makefile does not have"], SourceRules.UnknownTargets("R.md", "    make fly\n", makefile));
        Assert.Single(SourceRules.UnknownTargets("R.md", "`sudo make fly`", makefile));
    }

    [Fact]
    public void The_documents_link_to_files_that_are_there() =>
        Assert.Empty(Documents().SelectMany(path => SourceRules.BrokenLinks(path, Repository.Read(path), Exists)));

    [Fact]
    public void A_link_to_nothing_is_named()
    {
        Assert.Empty(SourceRules.BrokenLinks("docs/a.md", "[b](b.md#part) [web](https://example.org) [up](../R.md)", path => path is "docs/b.md" or "docs/../R.md"));
        Assert.Equal(["docs/a.md links to b.md, which is not there"], SourceRules.BrokenLinks("docs/a.md", "[b](b.md)", _ => false));
    }

    private static IEnumerable<string> Documents() => [.. Directory.GetFiles(Repository.Root, "*.md").Select(Path.GetFileName)!, .. Repository.Files(["docs"], "*.md")];

    private static bool Exists(string path) => Path.Exists(Path.Combine(Repository.Root, path));

    private static bool IsText(string path) => Path.GetExtension(path) is ".cs" or ".csproj" or ".props" or ".proto" or ".sh" or ".py" or ".cases" or "";
}
