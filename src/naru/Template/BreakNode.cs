namespace Naru.Cli.Template;

/// <summary>`{{break}}`.</summary>
internal sealed record BreakNode : Node;
