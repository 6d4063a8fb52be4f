using Naru.Conformance.Tests.Content;
using Naru.Conformance.Tests.Requirements;
using Naru.Conformance.Tests.Servers;

namespace Naru.Conformance.Tests.Suites;

/// <summary>Docker's <c>_catalog</c>, which the spec left out and tools still ask for.</summary>
public abstract class CatalogTests(RegistryServer server) : Suite(server)
{
    [May("Docker")]
    public void The_catalogue_names_a_repository_that_was_pushed_to()
    {
        PushImage("v1");
        Assert.Contains(Repository, All(100));
    }

    [May("Docker")]
    public void A_Link_leads_through_the_catalogue_in_lexical_order()
    {
        var prefix = $"conform/{Guid.NewGuid():N}";
        foreach (var name in (string[])["c", "a", "b"])
            PushImageTo($"{prefix}/{name}", "v1");
        var found = All(2);
        Assert.Equal([$"{prefix}/a", $"{prefix}/b", $"{prefix}/c"], found.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)));
    }

    [May("Docker")]
    public void last_answers_the_repositories_after_it()
    {
        PushImage("v1");
        Assert.DoesNotContain(Repository, Strings(Wire.Get($"/v2/_catalog?n=10&last={Uri.EscapeDataString(Repository)}").Is(200).Json["repositories"]));
    }

    [May("Docker")]
    public void A_huge_n_is_refused_or_cut() => Wire.Get("/v2/_catalog?n=1000000000").Is(200, 400);

    [May("Docker")]
    public void n_of_the_catalogue_that_is_no_number_is_refused() => Wire.Get("/v2/_catalog?n=x").Is(400);

    private List<string> All(int page)
    {
        var found = new List<string>();
        for (string? next = $"/v2/_catalog?n={page}"; next is not null;)
        {
            var answer = Wire.Get(next).Is(200);
            found.AddRange(Strings(answer.Json["repositories"]));
            next = answer["Link"] is { } link ? PathOf(link[1..link.IndexOf('>', StringComparison.Ordinal)]) : null;
        }
        return found;
    }
}
