namespace Naru.Cli.Template;

/// <summary>`{{with}}`: the value is the dot of its body.</summary>
internal sealed record WithNode(Pipeline Value, List<Node> Body, List<Node> Else) : Node;
