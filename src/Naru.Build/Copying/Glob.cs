using System.Text;

namespace Naru.Build.Copying;

/// <summary>Go's filepath.Match over bytes: the wildcards of COPY's and ADD's sources. <c>*</c> and <c>?</c> never match a slash, <c>**</c> is <c>*</c>.</summary>
internal static class Glob
{
    /// <summary>Whether the text has a wildcard that is not escaped.</summary>
    public static bool HasWildcard(ReadOnlySpan<byte> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == (byte)'\\')
                i++;
            else if (text[i] is (byte)'*' or (byte)'?' or (byte)'[')
                return true;
        }

        return false;
    }

    /// <summary>False for a malformed pattern. Time is at most the product of both lengths.</summary>
    /// <param name="across">.dockerignore's language: <c>**</c> stands for nothing or any number of whole names, at the end for everything.</param>
    public static bool Matches(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> name, bool across = false)
    {
        // Where to go on when what follows the last star does not match: only the last of each kind ever needs to take more.
        var (at, place) = (0, 0);
        var (star, starPlace, deep, deepPlace) = (-1, 0, -1, 0);
        while (true)
        {
            var rest = pattern[at..];
            if (across && rest is [(byte)'*', (byte)'*', ..])
            {
                at += rest is [_, _, (byte)'/', ..] ? 3 : 2;
                if (at == pattern.Length)
                    return true;
                (deep, deepPlace, star) = (at, place, -1);
            }
            else if (rest is [(byte)'*', ..])
            {
                at++;
                (star, starPlace) = (at, place);
            }
            else if (rest.IsEmpty && place == name.Length)
            {
                return true;
            }
            else if (Step(rest, name[place..], out var read, out var taken))
            {
                at += read;
                place += taken;
            }
            else if (star >= 0 && starPlace < name.Length && name[starPlace] != (byte)'/')
            {
                (at, place) = (star, ++starPlace);
            }
            else
            {
                var slash = deep < 0 ? -1 : name[deepPlace..].IndexOf((byte)'/');
                if (slash < 0)
                    return false;
                deepPlace += slash + 1;
                (at, place, star) = (deep, deepPlace, -1);
            }
        }
    }

    /// <summary>Whether every class is closed and every escape has something to escape.</summary>
    public static bool IsValid(ReadOnlySpan<byte> pattern)
    {
        for (var at = 0; at < pattern.Length;)
        {
            var length = 1;
            if (pattern[at] == (byte)'[' && !TryClass(pattern[at..], default, out length, out _))
                return false;
            if (pattern[at] == (byte)'\\')
                length = 2;
            at += length;
            if (at > pattern.Length)
                return false;
        }

        return true;
    }

    /// <summary>Takes one rune from both; false if they differ, or nothing is left of one.</summary>
    private static bool Step(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> name, out int read, out int taken)
    {
        read = taken = 1;
        if (pattern.IsEmpty || name.IsEmpty)
            return false;
        switch (pattern[0])
        {
            case (byte)'[':
                taken = Decode(name, out var rune);
                return name[0] != (byte)'/' && TryClass(pattern, rune, out read, out var matches) && matches;
            case (byte)'?':
                taken = Decode(name, out _);
                return name[0] != (byte)'/';
            case (byte)'\\' when pattern.Length > 1:
                read = 2;
                return pattern[1] == name[0];
            default:
                return pattern[0] == name[0];
        }
    }

    /// <param name="length">Bytes of the class, brackets included.</param>
    /// <returns>False for one that is malformed.</returns>
    private static bool TryClass(ReadOnlySpan<byte> pattern, Rune rune, out int length, out bool matches)
    {
        length = 1;
        matches = false;
        var negated = pattern is [_, (byte)'^', ..];
        if (negated)
            length++;
        var found = false;
        for (var ranges = 0; ranges == 0 || pattern[length] != (byte)']'; ranges++)
        {
            if (!TryBound(pattern, ref length, out var low))
                return false;
            var high = low;
            if (pattern[length] == (byte)'-')
            {
                length++;
                if (!TryBound(pattern, ref length, out high))
                    return false;
            }

            found |= low <= rune && rune <= high;
        }

        length++;
        matches = found != negated;
        return true;
    }

    /// <summary>One end of a range; after it there is always something left.</summary>
    private static bool TryBound(ReadOnlySpan<byte> pattern, ref int at, out Rune rune)
    {
        rune = default;
        if (at >= pattern.Length || pattern[at] is (byte)'-' or (byte)']')
            return false;
        if (pattern[at] == (byte)'\\')
            at++;
        if (at >= pattern.Length)
            return false;
        at += Decode(pattern[at..], out rune);
        return at < pattern.Length;
    }

    /// <summary>Bytes of the first rune; one for a byte that is not UTF-8.</summary>
    private static int Decode(ReadOnlySpan<byte> text, out Rune rune)
    {
        Rune.DecodeFromUtf8(text, out rune, out var length);
        return Math.Max(1, length);
    }
}
