namespace Naru.Cli.Template;

/// <summary>A chain of fields from the dot (Variable and Inner null), a variable, or a pipeline in parentheses.</summary>
internal sealed record FieldOperand(int Column, string Source, string? Variable, Pipeline? Inner, List<string> Fields) : Operand(Column, Source);
