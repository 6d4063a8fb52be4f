using System.Text;

namespace Naru.Cli.Template;

/// <summary>A Go text/template, applied to rows (<see cref="ITemplateFields"/>) or to JSON (<see cref="JsonValues"/>).</summary>
internal sealed class GoTemplate
{
    private readonly List<Node> nodes;
    private readonly Dictionary<string, List<Node>> defined;

    private readonly string name;

    private GoTemplate(List<Node> nodes, Dictionary<string, List<Node>> defined, string name) => (this.nodes, this.defined, this.name) = (nodes, defined, name);

    /// <exception cref="TemplateException">The text does not parse.</exception>
    /// <param name="name">What errors call it.</param>
    public static GoTemplate Parse(string text, string name = "")
    {
        try
        {
            var nodes = Parser.Parse(text, out var defined);
            return new GoTemplate(nodes, defined, name);
        }
        catch (TemplateException e)
        {
            throw new TemplateException($"template: {name}:1: {e.Message}");
        }
    }

    /// <exception cref="TemplateException">A field or an argument does not fit.</exception>
    /// <param name="header">True when the data are column headers: the functions that shape values then leave them alone.</param>
    public string Execute(object? data, bool header = false)
    {
        var output = new StringBuilder();
        try
        {
            new TemplateRun(output, data, header, defined).Walk(nodes, data);
        }
        catch (TemplateException e) when (name.Length > 0)
        {
            throw new TemplateException(e.Message.Replace("template: :1:", $"template: {name}:1:").Replace("executing \"\" at", $"executing {GoText.Quote(name)} at"));
        }

        return output.ToString();
    }
}
