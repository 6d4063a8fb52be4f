using System.Diagnostics;
using Naru.Base;
using Naru.Build.Dockerfile;

namespace Naru.Tests.Build.Dockerfile;

public class WordExpanderTests
{
    private static readonly Dictionary<string, string> s_variables = new() { ["x"] = "value", ["empty"] = "", ["path"] = "a/b/c.tar.gz", ["two"] = "one two", ["n"] = "aXbXc" };

    [Theory]
    [InlineData("$x", "value")]
    [InlineData("${x}", "value")]
    [InlineData("a$x-b", "avalue-b")]
    [InlineData("$", "$")]
    [InlineData("a$", "a$")]
    [InlineData("$missing.", ".")]
    [InlineData("\\$x", "$x")]
    [InlineData("'$x'", "$x")]
    [InlineData("\"$x\"", "value")]
    [InlineData("\"\\$x\\n\"", "$x\\n")]
    [InlineData("${missing:-word}", "word")]
    [InlineData("${empty:-word}", "word")]
    [InlineData("${empty-word}", "")]
    [InlineData("${missing-word}", "word")]
    [InlineData("${x:+word}", "word")]
    [InlineData("${empty:+word}", "")]
    [InlineData("${empty+word}", "word")]
    [InlineData("${missing+word}", "")]
    [InlineData("${x:?no}", "value")]
    [InlineData("${missing:-${x}}", "value")]
    [InlineData("${missing:-\"a b\"}", "a b")]
    [InlineData("${path#*/}", "b/c.tar.gz")]
    [InlineData("${path##*/}", "c.tar.gz")]
    [InlineData("${path%.*}", "a/b/c.tar")]
    [InlineData("${path%%.*}", "a/b/c")]
    [InlineData("${path#?/}", "b/c.tar.gz")]
    [InlineData("${path#nothing}", "a/b/c.tar.gz")]
    [InlineData("${n/X/-}", "a-bXc")]
    [InlineData("${n//X/-}", "a-b-c")]
    [InlineData("${n//X*/-}", "a-")]
    [InlineData("${path//\\//-}", "a-b-c.tar.gz")]
    [InlineData("${n//X/}", "abc")]
    [InlineData("$1x", "x")]
    [InlineData("a\\", "a")]
    [InlineData("\"it's\"", "it's")]
    public void A_word_becomes(string word, string result)
    {
        Assert.Equal(result, new WordExpander('\\').Expand(word, s_variables).Result);
    }

    [Theory]
    [InlineData("${x", "failed to process \"${x\": unsupported modifier (\ufffd) in substitution")]
    [InlineData("${missing:?no b}", "failed to process \"${missing:?no b}\": missing: no b")]
    [InlineData("${empty:?}", "failed to process \"${empty:?}\": empty: is not allowed to be empty")]
    [InlineData("${missing?}", "failed to process \"${missing?}\": missing: is not allowed to be unset")]
    [InlineData("${}", "failed to process \"${}\": syntax error: bad substitution")]
    [InlineData("${", "failed to process \"${\": syntax error: missing '}'")]
    [InlineData("${x:-${y}", "failed to process \"${x:-${y}\": syntax error: missing '}'")]
    [InlineData("${x/a}", "failed to process \"${x/a}\": syntax error: missing '/' in ${}")]
    [InlineData("${x^}", "failed to process \"${x^}\": unsupported modifier (^) in substitution")]
    [InlineData("${x:!a}", "failed to process \"${x:!a}\": unsupported modifier (:!) in substitution")]
    [InlineData("${x%\\y}", "failed to process \"${x%\\\\y}\": invalid pattern (\\y) in substitution: invalid escape '\\y'")]
    [InlineData("\"a", "failed to process \"\\\"a\": unexpected end of statement while looking for matching double-quote")]
    [InlineData("'a", "failed to process \"'a\": unexpected end of statement while looking for matching single-quote")]
    public void A_wrong_word_is_refused_in_BuildKits_words(string word, string message) =>
        Assert.Equal(message, Assert.Throws<NaruException>(() => new WordExpander('\\').Expand(word, s_variables)).Message);

    [Fact]
    public void Words_are_split_at_spaces_of_variables_but_not_of_quotes() =>
        Assert.Equal(["one", "two", "a b", "c d"], new WordExpander('\\').Expand("$two 'a b' c\\ d", s_variables).Words);

    [Fact]
    public void What_was_set_and_what_was_not_is_told()
    {
        var expansion = new WordExpander('\\').Expand("$x ${y:-z} $y ${empty}", s_variables);
        Assert.Equal(["x", "empty"], expansion.Used);
        Assert.Equal(["y"], expansion.Unset);
    }

    [Fact]
    public void Quotes_and_unset_variables_stay_when_asked()
    {
        var expander = new WordExpander('`') { KeepQuotes = true, KeepUnset = true };
        Assert.Equal("RUN echo \"value\" '$x' $y ${z:-a}", expander.Expand("RUN echo \"$x\" '$x' $y ${z:-a}", s_variables).Result);
    }

    [Fact]
    public void Deep_nesting_and_long_patterns_end()
    {
        var time = Stopwatch.StartNew();
        Assert.Throws<NaruException>(() => new WordExpander('\\').Expand(string.Concat(Enumerable.Repeat("${a:-", 100_000)), s_variables));
        var variables = new Dictionary<string, string> { ["long"] = new('a', 20_000) };
        Assert.ThrowsAny<NaruException>(() => new WordExpander('\\').Expand("${long//" + string.Concat(Enumerable.Repeat("a*", 5_000)) + "b/x}", variables));
        Assert.True(time.Elapsed < TimeSpan.FromSeconds(10), time.Elapsed.ToString());
    }
}
