namespace Naru.Cli.Template;

/// <summary>A piece of a parsed template: text, an action or a block.</summary>
internal abstract record Node;
