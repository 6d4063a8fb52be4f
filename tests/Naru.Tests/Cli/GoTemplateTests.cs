using System.Text.Json;
using Naru.Cli.Template;

namespace Naru.Tests.Cli;

public sealed class GoTemplateTests
{
    private const string Json = """{"Name":"/web","Empty":"","Count":3,"Nano":1795280544276688068,"Half":0.5,"Labels":{"b":"2","a":"1"},"Args":["x","y z"],"State":{"Running":true,"Pid":7},"Nothing":null}""";

    [Theory]
    [InlineData("{{.Name}}", "/web")]
    [InlineData("{{.State.Pid}} {{.State.Running}}", "7 true")]
    [InlineData("{{json .Args}} {{json .Labels}} {{json .Name}}", """["x","y z"] {"b":"2","a":"1"} "/web" """)]
    [InlineData("{{.Args}} {{.Labels}}", "[x y z] map[a:1 b:2]")]
    [InlineData("{{range .Args}}<{{.}}>{{end}}", "<x><y z>")]
    [InlineData("{{range $k, $v := .Labels}}{{$k}}={{$v}};{{end}}", "a=1;b=2;")]
    [InlineData("{{range $i, $e := .Args}}{{if $i}},{{end}}{{$e}}{{end}}", "x,y z")]
    [InlineData("{{range .Nosuchlist}}a{{else}}none{{end}}", null)]
    [InlineData("{{range .Empty2}}{{end}}", null)]
    [InlineData("{{if .Empty}}a{{else if eq .Count 3}}b{{else}}c{{end}}", "b")]
    [InlineData("{{with .State}}{{.Pid}} {{$.Name}}{{end}}", "7 /web")]
    [InlineData("{{index .Labels \"a\"}} {{index .Args 1}}", "1 y z")]
    [InlineData("{{len .Args}} {{len .Name}} {{slice .Name 1}}", "2 4 web")]
    [InlineData("{{upper .Name}} {{lower \"AB\"}} {{title \"ab cd\"}}", "/WEB ab Ab Cd")]
    [InlineData("{{join .Args \"+\"}} {{split \"a,b\" \",\"}}", "x+y z [a b]")]
    [InlineData("{{.Name | upper | printf \"%q\"}}", "\"/WEB\"")]
    [InlineData("{{printf \"%-6s|%6s|%03d|%x|%.2f|%v\" .Name .Name .Count 255 1.5 .Args}}", "/web  |  /web|003|ff|1.50|[x y z]")]
    [InlineData("{{and .Name .Count}} {{or .Empty \"z\"}} {{not .Empty}}", "3 z true")]
    [InlineData("{{eq .Count 1 2 3}} {{ne 1 2}} {{lt 1 2}} {{le 2 2}} {{gt \"b\" \"a\"}} {{ge 1 2}}", "true true true true true false")]
    [InlineData("a {{- 1 -}} b{{/* said */}}", "a1b")]
    [InlineData("{{$x := 1}}{{$x = 2}}{{$x}}", "2")]
    [InlineData("{{println \"a\" 1}}{{print 1 2 \"b\"}}", "a 1\n1 2b")]
    [InlineData("{{pad .Name 1 2}}|{{truncate .Name 2}}", " /web  |/w")]
    [InlineData("{{define \"t\"}}<{{.}}>{{end}}{{template \"t\" .Count}}", "<3>")]
    [InlineData("{{range .Args}}{{if eq . \"y z\"}}{{break}}{{end}}{{.}}{{end}}", "x")]
    [InlineData("{{(index .Args 0)}}{{(.State).Pid}}", "x7")]
    [InlineData("{{.Nano}} {{json .Nano}} {{.Half}}", "1795280544276688068 1795280544276688068 0.5")]
    [InlineData("{{.Nothing}}", "<nil>")]
    [InlineData("{{`raw {{`}} {{\"\\t\\u00e9\"}} {{'a'}}", "raw {{ \té 97")]
    public void A_template_prints_as_Gos_does(string template, string? expected)
    {
        if (expected is null)
            Assert.Contains("map has no entry for key", Assert.Throws<TemplateException>(() => Print(template)).Message);
        else
            Assert.Equal(expected.TrimEnd(' '), Print(template).TrimEnd(' '));
    }

    [Theory]
    [InlineData("{{.Name", "template: :1: unclosed action")]
    [InlineData("{{if .Name}}", "template: :1: unexpected EOF")]
    [InlineData("{{end}}", "template: :1: unexpected {{end}}")]
    [InlineData("{{nosuch .Name}}", "template: :1: function \"nosuch\" not defined")]
    [InlineData("{{$y}}", "template: :1: undefined variable \"$y\"")]
    [InlineData("{{}}", "template: :1: missing value for command")]
    public void What_does_not_parse_is_refused_in_Gos_words(string template, string message) =>
        Assert.Equal(message, Assert.Throws<TemplateException>(() => GoTemplate.Parse(template)).Message);

    [Theory]
    [InlineData("{{.Nosuch}}", "template: :1:2: executing \"\" at <.Nosuch>: map has no entry for key \"Nosuch\"")]
    [InlineData("{{.State.Nosuch}}", "template: :1:8: executing \"\" at <.State.Nosuch>: map has no entry for key \"Nosuch\"")]
    [InlineData("{{.Name.Foo}}", "template: :1:7: executing \"\" at <.Name.Foo>: can't evaluate field Foo in type string")]
    [InlineData("{{len 3}}", "template: :1:2: executing \"\" at <len 3>: error calling len: len of type int")]
    [InlineData("{{index .Name 100}}", "template: :1:2: executing \"\" at <index .Name 100>: error calling index: index out of range: 100")]
    [InlineData("{{json}}", "template: :1:2: executing \"\" at <json>: wrong number of args for json: want 1 got 0")]
    [InlineData("{{template \"t\"}}", "template: :1:2: executing \"\" at <{{template \"t\"}}>: template \"t\" not defined")]
    public void What_does_not_fit_is_refused_in_Gos_words(string template, string message) =>
        Assert.Equal(message, Assert.Throws<TemplateException>(() => Print(template)).Message);

    private static string Print(string template)
    {
        using var document = JsonDocument.Parse(Json);
        return GoTemplate.Parse(template).Execute(JsonValues.From(document.RootElement));
    }
}
