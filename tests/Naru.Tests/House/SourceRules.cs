using System.Text.RegularExpressions;

namespace Naru.Tests.House;

/// <summary>What holds for every file that a person wrote. Each rule answers with one line for each breach.</summary>
internal static partial class SourceRules
{
    /// <summary>A file longer than this is split.</summary>
    public const int MostLines = 800;

    /// <summary>A word for work left undone: an issue is the place for that.</summary>
    private static readonly string[] s_unfinished = ["TO" + "DO", "FIX" + "ME", "throw new NotImplemented" + "Exception"];

    public static IEnumerable<string> TooLong(string path, string text)
    {
        var lines = text.AsSpan().Count('\n');
        return lines > MostLines ? [$"{path} has {lines} lines; {MostLines} is the most"] : [];
    }

    public static IEnumerable<string> Unfinished(string path, string text) =>
        from line in text.Split('\n').Index()
        from word in s_unfinished
        where line.Item.Contains(word, StringComparison.Ordinal)
        select $"{path}:{line.Index + 1} says {word}";

    /// <summary>Only Directory.Build.props names a framework, and only once as a plain value.</summary>
    public static IEnumerable<string> NamesFramework(string path, string xml) =>
        from Match match in Framework().Matches(xml)
        where path != "Directory.Build.props" || match.Index != Framework().Match(xml).Index
        select $"{path} names the framework ({match.Value}); Directory.Build.props is the one place";

    /// <summary>Each `make TARGET` in a document must be a target of the Makefile.</summary>
    public static IEnumerable<string> UnknownTargets(string path, string document, string makefile)
    {
        var targets = Target().Matches(makefile).Select(match => match.Groups[1].Value).ToHashSet();
        return from match in MakeCommand().Matches(document)
               let target = match.Groups[1].Value
               where !targets.Contains(target)
               select $"{path} says `make {target}`, which the Makefile does not have";
    }

    /// <summary>The links of a document to files of the repository that are not there.</summary>
    public static IEnumerable<string> BrokenLinks(string path, string document, Func<string, bool> exists) =>
        from match in Link().Matches(document)
        let target = Path.Combine(Path.GetDirectoryName(path)!, match.Groups[1].Value)
        where !exists(target)
        select $"{path} links to {match.Groups[1].Value}, which is not there";

    [GeneratedRegex(@"<(TargetFrameworks?|NaruTargetFramework)\b[^>]*>\s*net\d[^<]*<")]
    private static partial Regex Framework();

    [GeneratedRegex(@"^([a-z][a-z-]*):", RegexOptions.Multiline)]
    private static partial Regex Target();

    [GeneratedRegex(@"(?:^ {4,}(?:sudo )?|`(?:sudo )?)make ([a-z][a-z-]*)", RegexOptions.Multiline)]
    private static partial Regex MakeCommand();

    [GeneratedRegex(@"\]\((?![a-z]+://|#)([^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();
}
