namespace Naru.Cli.Template;

/// <summary>A field that Docker's types have and the JSON leaves out or sets to null: it is false, empty, and prints as Go's zero.</summary>
internal sealed record ZeroValue(string Text, string Json);
