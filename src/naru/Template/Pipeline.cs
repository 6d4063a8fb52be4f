namespace Naru.Cli.Template;

/// <summary>Commands joined by bars, perhaps kept in variables.</summary>
internal sealed record Pipeline(List<string> Variables, bool Assigns, List<List<Operand>> Commands);
