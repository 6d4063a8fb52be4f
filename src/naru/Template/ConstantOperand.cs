namespace Naru.Cli.Template;

/// <summary>A literal.</summary>
internal sealed record ConstantOperand(int Column, string Source, object? Value) : Operand(Column, Source);
