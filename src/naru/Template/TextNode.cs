namespace Naru.Cli.Template;

/// <summary>Text that is printed as it stands.</summary>
internal sealed record TextNode(string Text) : Node;
