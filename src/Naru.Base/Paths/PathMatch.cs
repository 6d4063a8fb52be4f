namespace Naru.Base.Paths;

/// <summary>What the patterns said of a folder; valid for what lies in it.</summary>
public sealed class PathMatch
{
    internal PathMatch(bool[] byPattern) => ByPattern = byPattern;

    /// <summary>The folder itself is ignored; what is below it may be taken back.</summary>
    public bool Matched { get; internal set; }

    internal bool[] ByPattern { get; }
}
