namespace Naru.Cli.Template;

/// <summary>A function's name.</summary>
internal sealed record FunctionOperand(int Column, string Source) : Operand(Column, Source);
