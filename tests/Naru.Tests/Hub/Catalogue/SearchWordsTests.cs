using Naru.Hub.Catalogue;

namespace Naru.Tests.Hub.Catalogue;

public sealed class SearchWordsTests
{
    [Fact]
    public void A_name_is_found_by_its_parts_and_by_their_parts()
    {
        Assert.Equal(["maps", "seoul", "server", "map", "map-server"], SearchWords.Of("seoul/map-server", "Maps.").OrderByDescending(word => word == "maps").ThenBy(word => word switch { "seoul" => 0, "server" => 1, "map" => 2, _ => 3 }));
    }

    [Theory]
    [InlineData("Nginx", new[] { "nginx" })]
    [InlineData("team/app", new[] { "team", "app" })]
    [InlineData("map-server", new[] { "map-server" })]
    [InlineData("  a   b ", new[] { "a", "b" })]
    [InlineData("지도 서버", new[] { "지도", "서버" })]
    [InlineData("c++", new[] { "c" })]
    [InlineData("%_'\"; DROP", new[] { "drop" })]
    [InlineData("---", new string[0])]
    public void A_query_is_its_words(string query, string[] words) => Assert.Equal(words, SearchWords.OfQuery(query));

    [Fact]
    public void Long_texts_give_words_without_end_nor_length()
    {
        var words = SearchWords.Of("a/b", string.Join(' ', Enumerable.Range(0, 1000)) + new string('x', 5000));

        Assert.InRange(words.Count, 100, 210);
        Assert.All(words, word => Assert.InRange(word.Length, 1, SearchWords.Longest));
    }
}
