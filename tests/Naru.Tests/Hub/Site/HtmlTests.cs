using Naru.HubServer.Site.Markup;

namespace Naru.Tests.Hub.Site;

public sealed class HtmlTests
{
    [Fact]
    public void What_fills_a_hole_is_escaped()
    {
        var name = "<script>\"a\" & 'b'</script>";

        Html html = $"<p title=\"{name}\">{name}</p>";

        Assert.Equal("<p title=\"&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/script&gt;\">&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/script&gt;</p>", html.ToString());
    }

    [Fact]
    public void A_piece_in_a_hole_is_taken_as_it_is_and_null_is_nothing()
    {
        Html inner = $"<b>{"<"}</b>";
        Html? none = null;

        Html html = $"<p>{inner}{none}{7}</p>";

        Assert.Equal("<p><b>&lt;</b>7</p>", html.ToString());
    }

    [Fact]
    public void A_choice_between_texts_is_text()
    {
        var on = true;

        Html html = $"{(on ? $"<i>{1}</i>" : "")}";

        Assert.Equal("&lt;i&gt;1&lt;/i&gt;", html.ToString());
    }
}
