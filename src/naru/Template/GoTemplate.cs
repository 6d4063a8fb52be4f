using System.Text;

namespace Naru.Cli.Template;

/// <summary>A Go text/template, applied to rows (<see cref="ITemplateFields"/>) or to JSON (<see cref="JsonValues"/>).</summary>
internal sealed class GoTemplate
{
    private readonly List<Node> nodes;
    private readonly Dictionary<string, List<Node>> defined;

    private GoTemplate(List<Node> nodes, Dictionary<string, List<Node>> defined) => (this.nodes, this.defined) = (nodes, defined);

    /// <exception cref="TemplateException">The text does not parse.</exception>
    public static GoTemplate Parse(string text)
    {
        try
        {
            var nodes = Parser.Parse(text, out var defined);
            return new GoTemplate(nodes, defined);
        }
        catch (TemplateException e)
        {
            throw new TemplateException($"template: :1: {e.Message}");
        }
    }

    /// <exception cref="TemplateException">A field or an argument does not fit.</exception>
    /// <param name="header">True when the data are column headers: the functions that shape values then leave them alone.</param>
    public string Execute(object? data, bool header = false)
    {
        var output = new StringBuilder();
        new TemplateRun(output, data, header, defined).Walk(nodes, data);
        return output.ToString();
    }
}
