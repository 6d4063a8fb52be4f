namespace Naru.Cli.Template;

/// <summary>`{{range}}` over a list, a map or a count.</summary>
internal sealed record RangeNode(Pipeline Over, List<Node> Body, List<Node> Else) : Node;
