namespace Naru.Tests.House;

public sealed class ReferenceTests
{
    private const string Table = """
        ## Allowed references
        | project | may reference |
        |---|---|
        | Naru.Base | – |
        | Naru.Linux, Naru.Oci | Naru.Base |
        | naru-shim | Naru.Linux, Naru.Base |

        ## Next
        | Naru.Linux | Naru.Base |
        """;

    [Fact]
    public void Every_project_references_only_what_the_table_allows()
    {
        var allowed = ReferenceRules.ReadTable(Repository.Read("ARCHITECTURE.md"));
        var projects = from path in Repository.Files(["src"], "*.csproj")
                       select (Path.GetFileNameWithoutExtension(path), ReferenceRules.ReadProject(Repository.Read(path)));
        Assert.Empty(ReferenceRules.Violations(allowed, projects));
    }

    [Fact]
    public void Every_row_of_the_table_is_a_project()
    {
        var there = Repository.Files(["src"], "*.csproj").Select(Path.GetFileNameWithoutExtension).ToHashSet();
        Assert.Superset(ReferenceRules.ReadTable(Repository.Read("ARCHITECTURE.md")).Keys.ToHashSet(), there!);
    }

    [Fact]
    public void The_table_is_read_to_its_end_and_no_further()
    {
        var allowed = ReferenceRules.ReadTable(Table);
        Assert.Equal(["Naru.Base", "Naru.Linux", "Naru.Oci", "naru-shim"], allowed.Keys.Order(StringComparer.Ordinal));
        Assert.Empty(allowed["Naru.Base"]);
        Assert.Equal(["Naru.Base", "Naru.Linux"], allowed["naru-shim"].Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_arrow_that_the_table_lacks_is_named()
    {
        const string shim = """
            <Project><ItemGroup><ProjectReference Include="../Naru.Linux/Naru.Linux.csproj" />
            <ProjectReference Include="..\Naru.Runtime\Naru.Runtime.csproj" /></ItemGroup></Project>
            """;
        var wrong = ReferenceRules.Violations(ReferenceRules.ReadTable(Table), [("naru-shim", ReferenceRules.ReadProject(shim))]);
        Assert.Equal(["naru-shim -> Naru.Runtime is not allowed"], wrong);
    }

    [Fact]
    public void A_project_without_a_row_is_named()
    {
        var wrong = ReferenceRules.Violations(ReferenceRules.ReadTable(Table), [("Naru.New", [])]);
        Assert.Contains("Naru.New has no row", Assert.Single(wrong));
    }

    [Fact]
    public void A_missing_table_is_an_error()
    {
        Assert.Throws<FormatException>(() => ReferenceRules.ReadTable("# Architecture\n"));
        Assert.Throws<FormatException>(() => ReferenceRules.ReadTable("## Allowed references\nnone yet\n"));
    }
}
