namespace Naru.Build.Dockerfile;

/// <summary>Lines of the Dockerfile, from 1, both ends included.</summary>
public sealed record LineRange(int Start, int End);
