using System.Globalization;
using System.Text;
using Naru.Base;

namespace Naru.Runtime.DBus;

/// <summary>The words of GVariant's text form, one by one.</summary>
internal sealed class VariantLexer(string text)
{
    private int _position;

    public (VariantToken Kind, string Text) Next()
    {
        while (_position < text.Length && char.IsWhiteSpace(text[_position]))
            _position++;
        if (_position == text.Length)
            return (VariantToken.End, "");
        var letter = text[_position];
        if ("[]{}<>:,".Contains(letter))
            return (VariantToken.Mark, Take(1));
        if (letter is '\'' or '"')
            return (VariantToken.Text, Take(QuotedLength(_position, "string")));
        if (letter == 'b' && _position + 1 < text.Length && text[_position + 1] is '\'' or '"')
            return (VariantToken.Bytes, Take(1 + QuotedLength(_position + 1, "bytestring")));
        return char.IsAsciiDigit(letter) || letter is '+' or '-' or '.' ? (VariantToken.Number, Take(NumberLength())) : Word();
    }

    /// <summary>Goes past a mark; false, and stays, where another word is.</summary>
    public bool Skip(string mark)
    {
        var start = _position;
        if (Next() is (VariantToken.Mark, var found) && found == mark)
            return true;
        _position = start;
        return false;
    }

    /// <summary>The text within the quotes.</summary>
    public static string Unescape(string quoted)
    {
        var result = new StringBuilder();
        for (var index = 1; index < quoted.Length - 1; index++)
        {
            if (quoted[index] != '\\')
            {
                result.Append(quoted[index]);
                continue;
            }

            switch (quoted[++index])
            {
                case '\n':
                    break;
                case 'u' or 'U':
                    var digits = quoted[index] == 'u' ? 4 : 8;
                    result.Append(new Rune(Hexadecimal(quoted, index + 1, digits)).ToString());
                    index += digits;
                    break;
                default:
                    result.Append(Control(quoted[index]));
                    break;
            }
        }

        return result.ToString();
    }

    /// <summary>The bytes within the quotes of b'…', and the zero at their end.</summary>
    public static byte[] UnescapeBytes(string quoted)
    {
        var result = new List<byte>();
        var bytes = Encoding.UTF8.GetBytes(quoted);
        for (var index = 2; index < bytes.Length - 1; index++)
        {
            if (bytes[index] != '\\')
                result.Add(bytes[index]);
            else if (bytes[++index] == 'x')
                result.Add((byte)Hexadecimal(Encoding.Latin1.GetString(bytes), ++index, 2, out index));
            else if (bytes[index] is >= (byte)'0' and <= (byte)'7')
                result.Add(Octal(bytes, ref index));
            else
                result.Add((byte)Control((char)bytes[index]));
        }

        result.Add(0);
        return [.. result];
    }

    private static byte Octal(byte[] bytes, ref int index)
    {
        var value = 0;
        for (var digit = 0; digit < 3; digit++, index++)
        {
            if (bytes[index] is < (byte)'0' or > (byte)'7')
                throw NaruException.Invalid("short escape");
            value = value * 8 + bytes[index] - '0';
        }

        index--;
        return value <= byte.MaxValue ? (byte)value : throw NaruException.Invalid("value out of range");
    }

    private static int Hexadecimal(string text, int start, int digits) => Hexadecimal(text, start, digits, out _);

    private static int Hexadecimal(string text, int start, int digits, out int last)
    {
        last = start + digits - 1;
        // The closing quote is no digit.
        return start + digits < text.Length && int.TryParse(text.AsSpan(start, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            && (digits == 2 || Rune.IsValid(value)) ? value : throw NaruException.Invalid("short unicode escape");
    }

    private static char Control(char letter) => letter switch
    {
        'a' => '\a',
        'b' => '\b',
        'f' => '\f',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        _ => letter,
    };

    private int QuotedLength(int start, string what)
    {
        for (var index = start + 1; index < text.Length; index++)
        {
            if (text[index] == text[start])
                return index + 1 - start;
            if (text[index] == '\\')
                index++;
        }

        throw NaruException.Invalid($"unterminated {what}");
    }

    private int NumberLength()
    {
        var end = _position + 1;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '.' || (text[end] is '+' or '-' && text[end - 1] is 'e' or 'E')))
            end++;
        return end - _position;
    }

    private (VariantToken, string) Word()
    {
        var end = _position;
        while (end < text.Length && !char.IsWhiteSpace(text[end]) && (text[_position] == '@' || !"[]{}<>:,'\"".Contains(text[end])))
            end++;
        var word = Take(Math.Max(1, end - _position));
        return (word is "true" or "false" ? VariantToken.Boolean : VariantToken.Type, word);
    }

    private string Take(int length)
    {
        var word = text.Substring(_position, length);
        _position += length;
        return word;
    }
}
