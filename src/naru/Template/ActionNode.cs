namespace Naru.Cli.Template;

/// <summary>A pipeline whose value is printed, unless it only sets variables.</summary>
internal sealed record ActionNode(Pipeline Pipeline) : Node;
