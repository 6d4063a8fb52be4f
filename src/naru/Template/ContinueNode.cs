namespace Naru.Cli.Template;

/// <summary>`{{continue}}`.</summary>
internal sealed record ContinueNode : Node;
