using System.Globalization;
using System.Text;

namespace Naru.Cli.Template;

/// <summary>Splits the inside of one action into tokens.</summary>
internal static class Lexer
{
    public enum Kind
    {
        Identifier,
        Field,
        Variable,
        Dot,
        Text,
        Number,
        Bar,
        Open,
        Close,
        Declare,
        Assign,
        Comma,
    }

    /// <param name="Value">The decoded text of a string, the name without its mark of a field; else the source.</param>
    /// <param name="Spaced">A blank stands before it.</param>
    public readonly record struct Token(Kind Kind, string Value, string Source, int Column, bool Spaced);

    public static List<Token> Split(string action, int column)
    {
        var tokens = new List<Token>();
        var at = 0;
        var spaced = true;
        while (at < action.Length)
        {
            var start = at;
            var letter = action[at];
            if (char.IsWhiteSpace(letter))
            {
                at++;
                spaced = true;
                continue;
            }

            Kind kind;
            string? value = null;
            if (letter == '"' || letter == '`' || letter == '\'')
            {
                kind = letter == '\'' ? Kind.Number : Kind.Text;
                value = Quoted(action, ref at);
                if (letter == '\'')
                    value = ((int)value[0]).ToString(CultureInfo.InvariantCulture);
            }
            else if (letter is '|' or '(' or ')' or ',' or '=')
            {
                at++;
                kind = letter switch { '|' => Kind.Bar, '(' => Kind.Open, ')' => Kind.Close, ',' => Kind.Comma, _ => Kind.Assign };
            }
            else if (letter == ':' && at + 1 < action.Length && action[at + 1] == '=')
            {
                at += 2;
                kind = Kind.Declare;
            }
            else if (letter == '.' && (at + 1 >= action.Length || !IsWord(action[at + 1])))
            {
                at++;
                kind = Kind.Dot;
            }
            else if (letter is '.' && !char.IsAsciiDigit(action[at + 1]))
            {
                at++;
                value = Word(action, ref at);
                kind = Kind.Field;
            }
            else if (letter == '$')
            {
                at++;
                value = "$" + Word(action, ref at);
                kind = Kind.Variable;
            }
            else if (char.IsAsciiDigit(letter) || letter is '+' or '-' or '.')
            {
                at++;
                while (at < action.Length && (char.IsAsciiLetterOrDigit(action[at]) || action[at] is '.' or '_'))
                    at++;
                kind = Kind.Number;
            }
            else if (IsWord(letter))
            {
                Word(action, ref at);
                kind = Kind.Identifier;
            }
            else
            {
                throw new TemplateException($"unexpected {Shown(letter)} in operand");
            }

            tokens.Add(new Token(kind, value ?? action[start..at], action[start..at], column + start, spaced));
            spaced = false;
        }

        return tokens;
    }

    private static string Shown(char letter) => letter is '}' or '{' or '<' or '>' ? $"bad character U+{(int)letter:X4} '{letter}'" : $"{GoText.Quote(letter.ToString())}";

    private static bool IsWord(char letter) => letter == '_' || char.IsLetterOrDigit(letter);

    private static string Word(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && IsWord(text[at]))
            at++;
        return text[start..at];
    }

    private static string Quoted(string text, ref int at)
    {
        var quote = text[at++];
        var value = new StringBuilder();
        while (true)
        {
            if (at >= text.Length)
                throw new TemplateException(quote == '`' ? "unterminated raw quoted string" : "unterminated quoted string");
            var letter = text[at++];
            if (letter == quote)
                return value.ToString();
            if (letter != '\\' || quote == '`')
            {
                value.Append(letter);
                continue;
            }

            if (at >= text.Length)
                throw new TemplateException("unterminated quoted string");
            var escape = text[at++];
            value.Append(escape switch
            {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                'a' => '\a',
                'b' => '\b',
                'f' => '\f',
                'v' => '\v',
                'x' => Code(text, ref at, 2),
                'u' => Code(text, ref at, 4),
                _ => escape,
            });
        }
    }

    private static char Code(string text, ref int at, int digits)
    {
        if (at + digits > text.Length || !int.TryParse(text.AsSpan(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            throw new TemplateException("invalid syntax");
        at += digits;
        return (char)code;
    }
}
