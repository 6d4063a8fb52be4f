namespace Naru.Cli.Template;

/// <summary>A parsed template: text, actions and blocks.</summary>
internal abstract record Node;

internal sealed record TextNode(string Text) : Node;

internal sealed record ActionNode(Pipeline Pipeline) : Node;

internal sealed record IfNode(Pipeline Condition, List<Node> Then, List<Node> Else) : Node;

internal sealed record WithNode(Pipeline Value, List<Node> Body, List<Node> Else) : Node;

internal sealed record RangeNode(Pipeline Over, List<Node> Body, List<Node> Else) : Node;

internal sealed record BreakNode : Node;

internal sealed record ContinueNode : Node;

/// <summary>Commands joined by bars, perhaps kept in variables.</summary>
internal sealed record Pipeline(List<string> Variables, bool Assigns, List<List<Operand>> Commands);

/// <summary>One word of a command.</summary>
internal abstract record Operand(int Column, string Source);

internal sealed record ConstantOperand(int Column, string Source, object? Value) : Operand(Column, Source);

/// <summary>A chain of fields from the dot (Variable null), a variable, or a pipeline in parentheses.</summary>
internal sealed record FieldOperand(int Column, string Source, string? Variable, Pipeline? Inner, List<string> Fields) : Operand(Column, Source);

internal sealed record FunctionOperand(int Column, string Source) : Operand(Column, Source);
