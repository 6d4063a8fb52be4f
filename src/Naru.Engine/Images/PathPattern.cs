using Naru.Base;

namespace Naru.Engine.Images;

/// <summary>Shell patterns as Go's path.Match reads them: <c>*</c> and <c>?</c> stop at a slash, <c>[a-z]</c>, <c>[^a]</c>, <c>\</c> before any character.</summary>
internal static class PathPattern
{
    /// <exception cref="NaruException">InvalidArgument: <c>syntax error in pattern</c>.</exception>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        Check(pattern);
        return Match(pattern, text);
    }

    /// <summary>A star takes as little as it can; only the last one ever has to take more, so this ends in time that grows with the product of both lengths.</summary>
    private static bool Match(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        ReadOnlySpan<char> afterStar = default, restOfStar = default;
        var star = false;
        while (text.Length > 0)
        {
            if (pattern.Length > 0 && pattern[0] == '*')
            {
                pattern = pattern[1..];
                afterStar = pattern;
                restOfStar = text;
                star = true;
                continue;
            }

            if (pattern.Length > 0 && One(ref pattern, text[0]))
            {
                text = text[1..];
                continue;
            }

            if (!star || restOfStar[0] == '/')
                return false;
            restOfStar = restOfStar[1..];
            pattern = afterStar;
            text = restOfStar;
        }

        return pattern.TrimStart('*').Length == 0;
    }

    /// <summary>Takes one element off the pattern: whether it stands for the character.</summary>
    private static bool One(ref ReadOnlySpan<char> pattern, char character)
    {
        switch (pattern[0])
        {
            case '?':
                pattern = pattern[1..];
                return character != '/';
            case '[':
                return InClass(ref pattern, character);
            default:
                if (pattern[0] == '\\')
                    pattern = pattern[1..];
                var same = pattern[0] == character;
                pattern = pattern[1..];
                return same;
        }
    }

    private static bool InClass(ref ReadOnlySpan<char> pattern, char character)
    {
        pattern = pattern[1..];
        var negated = pattern[0] == '^';
        if (negated)
            pattern = pattern[1..];
        var found = false;
        for (var first = true; first || pattern[0] != ']'; first = false)
        {
            var low = Literal(ref pattern);
            var high = low;
            if (pattern[0] == '-')
            {
                pattern = pattern[1..];
                high = Literal(ref pattern);
            }

            found |= low <= character && character <= high;
        }

        pattern = pattern[1..];
        return found != negated;
    }

    private static char Literal(ref ReadOnlySpan<char> pattern)
    {
        if (pattern[0] == '\\')
            pattern = pattern[1..];
        var literal = pattern[0];
        pattern = pattern[1..];
        return literal;
    }

    /// <summary>Every class is closed and not empty, no range is half, no backslash is last.</summary>
    private static void Check(ReadOnlySpan<char> pattern)
    {
        for (var at = 0; at < pattern.Length; at++)
        {
            if (pattern[at] == '\\')
            {
                Need(++at < pattern.Length);
            }
            else if (pattern[at] == '[')
            {
                at++;
                if (at < pattern.Length && pattern[at] == '^')
                    at++;
                for (var count = 0; count == 0 || (at < pattern.Length && pattern[at] != ']'); count++)
                {
                    Element(pattern, ref at);
                    if (at < pattern.Length && pattern[at] == '-')
                    {
                        at++;
                        Element(pattern, ref at);
                    }
                }

                Need(at < pattern.Length);
            }
        }
    }

    private static void Element(ReadOnlySpan<char> pattern, ref int at)
    {
        Need(at < pattern.Length && pattern[at] is not ('-' or ']'));
        if (pattern[at] == '\\')
            Need(++at < pattern.Length);
        at++;
    }

    private static void Need(bool holds)
    {
        if (!holds)
            throw NaruException.Invalid("syntax error in pattern");
    }
}
