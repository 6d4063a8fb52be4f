using Naru.Base;
using Naru.Engine.Registries;

namespace Naru.Tests.Engine;

public sealed class ImageSearchTests
{
    [Theory]
    [InlineData("busybox", "docker.io", "busybox")]
    [InlineData("team/app", "docker.io", "team/app")]
    [InlineData("docker.io/app", "docker.io", "app")]
    [InlineData("127.0.0.1:5000/app", "127.0.0.1:5000", "app")]
    [InlineData("localhost/a/b", "localhost", "a/b")]
    [InlineData("hub.example.com/", "hub.example.com", "")]
    public void What_looks_like_a_host_is_where_to_search(string term, string domain, string word)
    {
        var search = ImageSearch.Parse(term, null, null);
        Assert.Equal((domain, word, 25), (search.Domain, search.Term, search.Limit));
    }

    [Theory]
    [InlineData("a", "200", null, "limit 200 is outside the range of [1, 100]")]
    [InlineData("a", "x", null, "invalid limit specified: strconv.Atoi: parsing \"x\": invalid syntax")]
    [InlineData("http://a/b", null, null, "invalid repository name: repository name (http://a/b) should not have a scheme")]
    [InlineData("a", null, """{"bogus":["1"]}""", "invalid filter 'bogus'")]
    [InlineData("a", null, """{"stars":["x"]}""", "invalid filter 'stars=x': strconv.Atoi: parsing \"x\": invalid syntax")]
    [InlineData("a", null, """{"is-official":["maybe"]}""", "invalid filter 'is-official=[maybe]'")]
    public void Bad_input_is_named_as_Docker_names_it(string term, string? limit, string? filters, string message)
    {
        var error = Assert.Throws<NaruException>(() => ImageSearch.Parse(term, limit, filters));
        Assert.Equal((ErrorKind.InvalidArgument, message), (error.Kind, error.Message));
    }
}
