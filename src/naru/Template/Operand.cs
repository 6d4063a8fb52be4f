namespace Naru.Cli.Template;

/// <summary>One word of a command, with where it stands and how it was written.</summary>
internal abstract record Operand(int Column, string Source);
