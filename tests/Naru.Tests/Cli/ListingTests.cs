using Naru.Cli;
using Naru.Cli.Output;

namespace Naru.Tests.Cli;

public sealed class ListingTests
{
    private sealed record Row(string Name, int Size, Dictionary<string, string> Labels);

    private static readonly Columns<Row> Columns = new("*formatter.rowContext",
    [
        new("Name", "NAME", row => row.Name),
        new("Size", "SIZE", row => row.Size + "B"),
        new("Platform", "PLATFORM", _ => null),
    ], row => row.Labels);

    private static readonly Row[] Rows = [new("first", 1, new() { ["com.x.kind"] = "web" }), new("второй-долгий", 22, [])];

    [Fact]
    public void A_table_is_as_wide_as_its_letters() => Assert.Equal(
        "NAME            SIZE\nfirst           1B\nвторой-долгий   22B\n", Listing.Text("", "{{.Name}}\t{{.Size}}", Columns, Rows));

    [Fact]
    public void A_table_template_heads_its_columns() => Assert.Equal(
        "NAME      kind\nFIRST     web\n", Listing.Text("table {{upper .Name}}\\t{{.Label \"com.x.kind\"}}", "", Columns, Rows[..1]));

    [Fact]
    public void Json_has_the_keys_in_order_and_null_where_nothing_is() => Assert.Equal(
        "{\"Name\":\"first\",\"Platform\":null,\"Size\":\"1B\"}\n", Listing.Text("json", "", Columns, Rows[..1]));

    [Fact]
    public void A_field_that_does_not_exist_is_named()
    {
        var refused = Assert.Throws<ExitException>(() => Listing.Text("{{.Nosuch}}", "", Columns, Rows));
        Assert.Equal((1, "template parsing error: template: :1:2: executing \"\" at <.Nosuch>: can't evaluate field Nosuch in type *formatter.rowContext"), (refused.Code, refused.Message));
    }

    [Fact]
    public void A_format_that_does_not_parse_is_64() => Assert.Equal(64, Assert.Throws<ExitException>(() => Listing.Text("{{", "", Columns, Rows)).Code);

    [Fact]
    public void A_shorter_block_of_lines_has_columns_of_its_own() => Assert.Equal(
        "a         b\nlong text without cells\nccccccccccc   d\n", TabWriter.Align("a\tb\nlong text without cells\nccccccccccc\td\n"));
}
