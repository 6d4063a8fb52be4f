using Naru.Conformance.Tests.Content;
using Naru.Conformance.Tests.Requirements;
using Naru.Conformance.Tests.Servers;

namespace Naru.Conformance.Tests.Suites;

/// <summary>"Listing Tags".</summary>
public abstract class TagTests(RegistryServer server) : Suite(server)
{
    private string List => $"/v2/{Repository}/tags/list";

    [Must("end-8a")]
    public void The_tags_are_answered_with_200_in_the_specs_form()
    {
        PushImage("b", "a");
        var answer = Wire.Get(List).Is(200);
        Assert.Equal(Repository, (string?)answer.Json["name"]);
        Assert.Equal(["a", "b"], Strings(answer.Json["tags"]).Order());
    }

    [Must("end-8a")]
    public void The_tags_are_in_lexical_order()
    {
        PushImage("v10", "v9", "latest", "v1", "1.0", "a", "x", "b", "edge", "2", "10", "nightly");
        Assert.Equal(["1.0", "10", "2", "a", "b", "edge", "latest", "nightly", "v1", "v10", "v9", "x"], Tags(List));
    }

    [Must("end-8a")]
    public void The_list_is_JSON()
    {
        PushImage("a");
        Assert.StartsWith("application/json", Wire.Get(List).Must("Content-Type"), StringComparison.Ordinal);
    }

    [Must("end-8a")]
    public void A_repository_without_tags_answers_an_empty_list()
    {
        PushImage();
        var answer = Wire.Get(List).Is(200, 404);
        if (answer.Status == 200)
            Assert.Empty(answer.Json["tags"] is { } tags ? Strings(tags) : []);
    }

    [Must("end-8a")]
    public void A_repository_that_is_not_there_answers_404() => Wire.Get(List).Is(404);

    [Must("end-8b")]
    public void n_tags_are_answered()
    {
        PushImage("a", "b", "c", "d");
        Assert.Equal(["a", "b"], Tags(List + "?n=2"));
    }

    [Must("end-8b")]
    public void More_than_there_are_answers_all_of_them()
    {
        PushImage("a", "b");
        Assert.Equal(["a", "b"], Tags(List + "?n=100").Order());
    }

    [Must("end-8b")]
    public void n_of_zero_answers_an_empty_list_without_a_Link()
    {
        PushImage("a", "b");
        var answer = Wire.Get(List + "?n=0").Is(200);
        Assert.Empty(Strings(answer.Json["tags"]));
        Assert.Null(answer["Link"]);
    }

    [Must("end-8b")]
    public void last_answers_what_comes_after_it()
    {
        PushImage("a", "b", "c", "d");
        Assert.Equal(["c", "d"], Tags(List + "?last=b"));
        Assert.Equal(["c"], Tags(List + "?n=1&last=b"));
        Assert.Equal(["c", "d"], Tags(List + "?last=b&n=10"));
    }

    [Must("end-8b")]
    public void last_need_not_be_there()
    {
        PushImage("a", "c");
        Assert.Equal(["c"], Tags(List + "?last=b"));
    }

    [Must("end-8b")]
    public void Nothing_comes_after_the_last()
    {
        PushImage("a", "b");
        var answer = Wire.Get(List + "?n=5&last=b").Is(200);
        Assert.Empty(answer.Json["tags"] is { } tags ? Strings(tags) : []);
        Assert.Null(answer["Link"]);
    }

    [May("end-8b")]
    public void A_Link_to_the_next_leads_through_all_tags()
    {
        var tags = Enumerable.Range(0, 7).Select(number => $"t{number}").ToArray();
        PushImage(tags);
        var (found, pages) = (new List<string>(), 0);
        for (var next = List + "?n=3"; next is not null; pages++)
        {
            Assert.True(pages < 10, "it goes on for ever");
            var answer = Wire.Get(next).Is(200);
            found.AddRange(Strings(answer.Json["tags"]));
            next = Next(answer);
        }
        Assert.Equal(tags, found);
        Assert.Equal(3, pages);
    }

    [Must("end-8b")]
    public void A_Link_has_the_relation_next()
    {
        PushImage("a", "b", "c");
        if (Wire.Get(List + "?n=2").Is(200)["Link"] is { } link)
            Assert.Matches("^<[^>]+>; *rel=\"?next\"?", link);
    }

    [Must("end-8b")]
    public void No_Link_comes_with_the_last_page()
    {
        PushImage("a", "b");
        Assert.Null(Wire.Get(List + "?n=2").Is(200)["Link"]);
    }

    [Should("end-8b")]
    public void n_that_is_no_number_is_refused()
    {
        PushImage("a");
        Wire.Get(List + "?n=some").Is(400);
        Wire.Get(List + "?n=-1").Is(400);
    }

    [May("RFC9110-9.3.2")]
    public void A_HEAD_of_the_list_answers_200_or_405_without_a_body()
    {
        PushImage("a");
        Assert.Empty(Wire.Head(List).Is(200, 405).Body);
    }

    private List<string> Tags(string path) => Strings(Wire.Get(path).Is(200).Json["tags"]);

    private string? Next(Http.Answer answer) => answer["Link"] is { } link ? PathOf(link[(link.IndexOf('<', StringComparison.Ordinal) + 1)..link.IndexOf('>', StringComparison.Ordinal)]) : null;
}
