namespace Naru.Cli.Template;

/// <summary>`{{define "name"}}` or the body of a `{{block}}`: known by its name from the template's start.</summary>
internal sealed record DefineNode(string Name, List<Node> Body) : Node;
