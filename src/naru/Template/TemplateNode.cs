namespace Naru.Cli.Template;

/// <summary>`{{template "name" value}}`.</summary>
internal sealed record TemplateNode(string Name, Pipeline? Value, int Column) : Node;
