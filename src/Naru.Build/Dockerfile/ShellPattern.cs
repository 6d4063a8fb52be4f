using System.Text;
using Naru.Base;

namespace Naru.Build.Dockerfile;

/// <summary>A pattern within <c>${}</c>: <c>*</c> and <c>?</c>, without classes; neither matches a newline.</summary>
internal sealed class ShellPattern
{
    private const int Any = -1, One = -2;

    // More than any honest Dockerfile needs; a wrong one must not take hours.
    private const long MostSteps = 30_000_000;

    private readonly List<int> tokens = [];
    private long steps;

    /// <exception cref="NaruException">InvalidArgument: it escapes what needs no escape.</exception>
    public static ShellPattern Parse(string text)
    {
        var pattern = new ShellPattern();
        for (var at = 0; at < text.Length; at++)
        {
            switch (text[at])
            {
                // A row of stars is one.
                case '*' when pattern.tokens.Count > 0 && pattern.tokens[^1] == Any:
                    break;
                case '*':
                    pattern.tokens.Add(Any);
                    break;
                case '?':
                    pattern.tokens.Add(One);
                    break;
                // What ends the pattern is escaped for the lexer's sake only.
                case '\\' when at + 1 < text.Length && text[at + 1] is '}' or '/':
                    break;
                case '\\':
                    var letter = at + 1 < text.Length ? text[++at] : '\ufffd';
                    if (letter is not ('*' or '?' or '\\'))
                        throw NaruException.Invalid($"invalid pattern ({text}) in substitution: invalid escape '\\{letter}'");
                    pattern.tokens.Add(letter);
                    break;
                default:
                    pattern.tokens.Add(text[at]);
                    break;
            }
        }

        return pattern;
    }

    public string TrimStart(string value, bool longest)
    {
        var length = Match(value, 0, longest, 1);
        return length < 0 ? value : value[length..];
    }

    public string TrimEnd(string value, bool longest)
    {
        // Read backwards, the end is the start.
        var length = Match(value, value.Length - 1, longest, -1);
        return length < 0 ? value : value[..^length];
    }

    public string Replace(string value, string replacement, bool all)
    {
        var result = new StringBuilder();
        var (at, afterMatch) = (0, false);
        while (at <= value.Length)
        {
            var length = Match(value, at, true, 1);
            // An empty match right after another is none.
            if (length > 0 || (length == 0 && !afterMatch))
            {
                result.Append(replacement);
                if (!all)
                    return result.Append(value, at + length, value.Length - at - length).ToString();
                at += length;
                afterMatch = true;
                if (length > 0)
                    continue;
            }

            if (at < value.Length)
                result.Append(value[at]);
            at++;
            afterMatch = false;
        }

        return result.ToString();
    }

    /// <summary>The length of the shortest or longest match from a place in one direction; -1: none. Follows every way to match at once.</summary>
    private int Match(string value, int start, bool longest, int direction)
    {
        var (now, next) = (new bool[tokens.Count + 1], new bool[tokens.Count + 1]);
        now[0] = true;
        var found = -1;
        for (var length = 0; ; length++)
        {
            var place = start + (length * direction);
            var ended = place < 0 || place >= value.Length;
            var alive = false;
            for (var state = 0; state < tokens.Count; state++)
            {
                if (!now[state])
                    continue;
                var token = Token(state, direction);
                // A star may be nothing at all.
                if (token == Any)
                    now[state + 1] = true;
                if (ended)
                    continue;
                var letter = value[place];
                var goesOn = token switch { Any or One => letter != '\n', _ => letter == token };
                if (goesOn)
                    next[token == Any ? state : state + 1] = alive = true;
            }

            if (now[tokens.Count])
            {
                found = length;
                if (!longest)
                    return found;
            }

            if (!alive)
                return found;
            steps += tokens.Count;
            if (steps > MostSteps)
                throw NaruException.Invalid("the pattern takes too long to match");
            (now, next) = (next, now);
            Array.Clear(next);
        }
    }

    private int Token(int state, int direction) => direction > 0 ? tokens[state] : tokens[tokens.Count - 1 - state];
}
