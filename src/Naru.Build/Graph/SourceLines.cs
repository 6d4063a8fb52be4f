namespace Naru.Build.Graph;

/// <summary>Lines of a file, from 1, both ends included.</summary>
public sealed record SourceLines(string File, int Start, int End);
