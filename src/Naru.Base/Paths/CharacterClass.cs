using System.Buffers;
using System.Text;

namespace Naru.Base.Paths;

/// <summary><c>[a-z]</c> or <c>[^a-z]</c> of a pattern, by the rules of Go's filepath.Match. It never matches a slash.</summary>
internal sealed class CharacterClass
{
    private readonly List<int> bounds = [];
    private bool negated;

    /// <param name="at">After the opening bracket; moved after the closing one.</param>
    /// <exception cref="NaruException">InvalidArgument: the class is not well-formed.</exception>
    public static CharacterClass Read(string pattern, ref int at)
    {
        var read = new CharacterClass();
        if (at < pattern.Length && pattern[at] == '^')
        {
            read.negated = true;
            at++;
        }

        while (at >= pattern.Length || pattern[at] != ']' || read.bounds.Count == 0)
        {
            var low = Letter(pattern, ref at);
            var high = low;
            if (pattern[at] == '-')
            {
                at++;
                high = Letter(pattern, ref at);
            }

            read.bounds.Add(low);
            read.bounds.Add(high);
        }

        at++;
        return read;
    }

    public bool Contains(int letter)
    {
        for (var at = 0; at < bounds.Count; at += 2)
        {
            if (letter >= bounds[at] && letter <= bounds[at + 1])
                return !negated;
        }

        return negated;
    }

    internal static NaruException Bad() => NaruException.Invalid("syntax error in pattern");

    private static int Letter(string pattern, ref int at)
    {
        if (at >= pattern.Length || pattern[at] is '-' or ']')
            throw Bad();
        if (pattern[at] == '\\' && ++at >= pattern.Length)
            throw Bad();
        if (Rune.DecodeFromUtf16(pattern.AsSpan(at), out var letter, out var used) != OperationStatus.Done)
            throw Bad();
        at += used;
        // Something must follow, if only the closing bracket.
        return at < pattern.Length ? letter.Value : throw Bad();
    }
}
