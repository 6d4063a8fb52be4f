using System.Text;

namespace Naru.Base.Paths;

/// <summary>The lines of a <c>.dockerignore</c>.</summary>
public static class IgnoreFile
{
    public const string Name = ".dockerignore";

    /// <summary>The patterns: without comments and empty lines, cleaned, relative to the context. Source: moby/patternmatcher/ignorefile.</summary>
    public static List<string> Read(ReadOnlySpan<byte> content)
    {
        if (content.StartsWith("\uFEFF"u8))
            content = content[3..];
        var patterns = new List<string>();
        foreach (var range in content.Split((byte)'\n'))
        {
            var line = Encoding.UTF8.GetString(content[range]);
            if (line.StartsWith('#'))
                continue;
            line = line.Trim();
            if (line.Length == 0)
                continue;
            var takesBack = line[0] == '!';
            var pattern = takesBack ? line[1..].Trim() : line;
            if (pattern.Length > 0)
            {
                pattern = SlashPath.Clean(pattern);
                if (pattern.Length > 1 && pattern[0] == '/')
                    pattern = pattern[1..];
            }

            patterns.Add(takesBack ? "!" + pattern : pattern);
        }

        return patterns;
    }
}
