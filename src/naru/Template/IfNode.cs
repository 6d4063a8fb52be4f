namespace Naru.Cli.Template;

/// <summary>`{{if}}`, with an empty else where there is none.</summary>
internal sealed record IfNode(Pipeline Condition, List<Node> Then, List<Node> Else) : Node;
