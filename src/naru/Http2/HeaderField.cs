namespace Naru.Cli.Http2;

/// <summary>One header; the name in lower case, each character one byte.</summary>
internal sealed record HeaderField(string Name, string Value);
