using Naru.Base;

namespace Naru.Build.Copying;

/// <summary>What a copy or a mount names is not in its tree.</summary>
/// <param name="path">Relative to the tree's root.</param>
public sealed class SourceNotFoundException(string path) : NaruException(ErrorKind.NotFound, $"{GoText.Quote("/" + path)}: not found")
{
    public string Path { get; } = path;
}
