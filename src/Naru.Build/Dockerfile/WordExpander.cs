using System.Text;
using Naru.Base;

namespace Naru.Build.Dockerfile;

/// <summary>A shell's reading of a word: variables with modifiers, quotes, escapes. The rules are those of BuildKit's lexer.</summary>
/// <remarks>
/// <c>$x ${x} ${x:-w} ${x-w} ${x:+w} ${x+w} ${x:?w} ${x?w} ${x#p} ${x##p} ${x%p} ${x%%p} ${x/p/w} ${x//p/w}</c>; words nest.
/// Safe to use from several threads.
/// </remarks>
/// <param name="escape">The letter that takes the next one's meaning away.</param>
public sealed class WordExpander(char escape)
{
    /// <summary>Quotes stay in the result.</summary>
    public bool KeepQuotes { get; init; }

    /// <summary>Escapes stay in the result.</summary>
    public bool KeepEscapes { get; init; }

    /// <summary>Quotes are letters like others (here-documents).</summary>
    public bool QuotesAreLetters { get; init; }

    /// <summary>A variable that is not set stays as it was written.</summary>
    public bool KeepUnset { get; init; }

    /// <exception cref="NaruException">InvalidArgument: a quote or brace is not closed, a modifier is unknown, or <c>?</c> found nothing.</exception>
    public Expansion Expand(string word, IReadOnlyDictionary<string, string> variables)
    {
        var reader = new Reader(this, escape, word, variables);
        var result = reader.Read();
        return new Expansion { Result = result, Words = reader.Words, Used = reader.Used, Unset = reader.Unset };
    }

    private sealed class Reader(WordExpander rules, char escape, string text, IReadOnlyDictionary<string, string> variables)
    {
        private const char None = '\uffff';
        private const int Deepest = 100, LongestResult = 1 << 20;

        private bool keepEscapes = rules.KeepEscapes;
        private int at;
        private int depth;
        private readonly HashSet<string> seen = [];

        public List<string> Words { get; private set; } = [];

        public List<string> Used { get; } = [];

        public List<string> Unset { get; } = [];

        public string Read()
        {
            try
            {
                var words = new WordList();
                var result = ReadUntil(null, keepEscapes, words);
                Words = words.Finish();
                return result;
            }
            catch (NaruException error)
            {
                throw NaruException.Invalid($"failed to process {GoText.Quote(text)}: {error.Message}");
            }
        }

        private char Peek() => at < text.Length ? text[at] : None;

        private char Next() => at < text.Length ? text[at++] : None;

        private string ReadUntil(char? stop, bool keep, WordList? words)
        {
            if (++depth > Deepest)
                throw NaruException.Invalid("syntax error: too many levels of substitution");
            var before = keepEscapes;
            keepEscapes = keep;
            var result = new StringBuilder();
            while (at < text.Length)
            {
                var letter = text[at];
                if (letter == stop)
                {
                    at++;
                    keepEscapes = before;
                    depth--;
                    return result.ToString();
                }

                if (letter == '$')
                {
                    var value = Dollar();
                    result.Append(value);
                    words?.Add(value);
                }
                else if (letter is '\'' or '"' && !rules.QuotesAreLetters)
                {
                    var value = letter == '"' ? DoubleQuoted() : SingleQuoted();
                    result.Append(value);
                    words?.AddWhole(value);
                }
                else
                {
                    at++;
                    if (letter == escape)
                    {
                        if (keepEscapes)
                        {
                            result.Append(letter);
                            words?.AddWhole(letter.ToString());
                        }

                        if (at == text.Length)
                            break;
                        letter = text[at++];
                        words?.AddWhole(letter.ToString());
                    }
                    else
                    {
                        words?.Add(letter);
                    }

                    result.Append(letter);
                }

                if (result.Length > LongestResult)
                    throw NaruException.Invalid("the result is too long");
            }

            if (stop is not null)
                throw NaruException.Invalid($"unexpected end of statement while looking for matching {stop}");
            keepEscapes = before;
            depth--;
            return result.ToString();
        }

        private string SingleQuoted()
        {
            var close = text.IndexOf('\'', at + 1);
            if (close < 0)
            {
                at = text.Length;
                throw NaruException.Invalid("unexpected end of statement while looking for matching single-quote");
            }

            var quoted = rules.KeepQuotes ? text[at..(close + 1)] : text[(at + 1)..close];
            at = close + 1;
            return quoted;
        }

        private string DoubleQuoted()
        {
            var result = new StringBuilder();
            at++;
            if (rules.KeepQuotes)
                result.Append('"');
            while (at < text.Length)
            {
                var letter = text[at];
                if (letter == '"')
                {
                    at++;
                    if (rules.KeepQuotes)
                        result.Append('"');
                    return result.ToString();
                }

                if (letter == '$')
                {
                    result.Append(Dollar());
                    continue;
                }

                at++;
                if (letter == escape)
                {
                    if (keepEscapes)
                        result.Append(letter);
                    if (at == text.Length)
                        continue;
                    // Only these can be escaped; before others the escape is itself.
                    if (text[at] is '"' or '$' || text[at] == escape)
                        letter = text[at++];
                }

                result.Append(letter);
            }

            throw NaruException.Invalid("unexpected end of statement while looking for matching double-quote");
        }

        private string Dollar()
        {
            at++;
            if (Peek() != '{')
            {
                var plain = Name();
                if (plain.Length == 0)
                    return "$";
                return Value(plain) ?? (rules.KeepUnset ? "$" + plain : "");
            }

            at++;
            if (at == text.Length)
                throw NaruException.Invalid("syntax error: missing '}'");
            if (text[at] is '{' or '}' or ':')
                throw NaruException.Invalid("syntax error: bad substitution");
            var name = Name();
            var modifier = Next();
            return modifier switch
            {
                '}' => Value(name) ?? (rules.KeepUnset ? $"${{{name}}}" : ""),
                ':' => Modified(name, Next(), true),
                '+' or '-' or '?' or '#' or '%' => Modified(name, modifier, false),
                '/' => Replaced(name),
                _ => throw Unsupported(modifier.ToString()),
            };
        }

        private static NaruException Unsupported(string modifier) =>
            NaruException.Invalid($"unsupported modifier ({modifier.Replace(None, '\ufffd')}) in substitution");

        private string Modified(string name, char modifier, bool emptyIsUnset)
        {
            var shown = emptyIsUnset ? ":" + modifier : modifier.ToString();
            var word = Braced('}', modifier is '#' or '%', "syntax error: missing '}'");
            var value = Value(name);
            if (value is null && rules.KeepUnset)
                return $"${{{name}{shown}{word}}}";
            var isSet = value is not null && !(emptyIsUnset && value.Length == 0);
            switch (modifier)
            {
                case '-':
                    return isSet ? value! : word;
                case '+':
                    return isSet ? word : "";
                case '?' when isSet:
                    return value!;
                case '?':
                    var why = word.Length > 0 ? word : value is null ? "is not allowed to be unset" : "is not allowed to be empty";
                    throw NaruException.Invalid($"{name}: {why}");
                case '#' or '%':
                    // Doubled: the longest match instead of the shortest.
                    var longest = word.StartsWith(modifier);
                    var pattern = ShellPattern.Parse(longest ? word[1..] : word);
                    return modifier == '#' ? pattern.TrimStart(value ?? "", longest) : pattern.TrimEnd(value ?? "", longest);
                default:
                    throw Unsupported(shown);
            }
        }

        private string Replaced(string name)
        {
            var all = Peek() == '/';
            if (all)
                at++;
            var pattern = Braced('/', true, "syntax error: missing '/' in ${}");
            var replacement = Braced('}', true, "syntax error: missing '}'");
            var value = Value(name);
            if (value is null && rules.KeepUnset)
                return $"${{{name}/{pattern}/{replacement}}}";
            return ShellPattern.Parse(pattern).Replace(value ?? "", replacement, all);
        }

        private string Braced(char stop, bool keep, string missing)
        {
            try
            {
                return ReadUntil(stop, keep, null);
            }
            catch (NaruException) when (at >= text.Length)
            {
                throw NaruException.Invalid(missing);
            }
        }

        private string? Value(string name)
        {
            var isSet = variables.TryGetValue(name, out var value);
            if (seen.Add(name))
                (isSet ? Used : Unset).Add(name);
            return isSet ? value : null;
        }

        /// <summary>A name, a number, or one of the shell's own parameters; empty: none of these.</summary>
        private string Name()
        {
            var start = at;
            if (at < text.Length && char.IsDigit(text[at]))
            {
                while (at < text.Length && char.IsDigit(text[at]))
                    at++;
            }
            else if (at < text.Length && text[at] is '@' or '*' or '#' or '?' or '-' or '$' or '!')
            {
                at++;
            }
            else
            {
                while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] == '_'))
                    at++;
            }

            return text[start..at];
        }
    }

    private sealed class WordList
    {
        private readonly List<string> words = [];
        private readonly StringBuilder word = new();

        public void Add(char letter)
        {
            if (!char.IsWhiteSpace(letter))
                word.Append(letter);
            else
                End();
        }

        public void Add(string text)
        {
            foreach (var letter in text)
                Add(letter);
        }

        /// <summary>Adds text whose spaces do not split.</summary>
        public void AddWhole(string text) => word.Append(text);

        public List<string> Finish()
        {
            End();
            return words;
        }

        private void End()
        {
            if (word.Length == 0)
                return;
            words.Add(word.ToString());
            word.Clear();
        }
    }
}
