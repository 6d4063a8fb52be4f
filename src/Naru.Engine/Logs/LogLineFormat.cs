using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Naru.Engine.Logs;

/// <summary>The json-file log's line: <c>{"log":"text\n","stream":"stdout","time":"2026-01-02T03:04:05.123456789Z"}</c>, by hand in UTF-8.</summary>
public static class LogLineFormat
{
    private static readonly SearchValues<byte> Special = SearchValues.Create(MakeSpecial());

    /// <param name="newline">Whether the text ended with a newline (it is not part of <paramref name="text"/>).</param>
    /// <param name="attributes">What <see cref="Attributes"/> gives, or nothing.</param>
    /// <summary>Appends one line. Bytes that are no UTF-8 become U+FFFD, as Docker writes them.</summary>
    public static void Append(ArrayBufferWriter<byte> output, LogSource source, DateTime time, ReadOnlySpan<byte> text, bool newline, ReadOnlySpan<byte> attributes = default)
    {
        output.Write("{\"log\":\""u8);
        Escape(output, text);
        output.Write(newline ? "\\n\",\"stream\":\""u8 : "\",\"stream\":\""u8);
        output.Write(source == LogSource.Stderr ? "stderr\","u8 : "stdout\","u8);
        output.Write(attributes);
        output.Write("\"time\":\""u8);
        AppendTime(output, time);
        output.Write("\"}\n"u8);
    }

    /// <summary>The field that says a container's labels and variables in each of its lines: <c>"attrs":{"name":"value"},</c>; empty for none.</summary>
    public static byte[] Attributes(SortedDictionary<string, string> extra)
    {
        if (extra.Count == 0)
            return [];
        var output = new ArrayBufferWriter<byte>();
        output.Write("\"attrs\":{"u8);
        var first = true;
        foreach (var (name, value) in extra)
        {
            output.Write(first ? "\""u8 : ",\""u8);
            first = false;
            Escape(output, Encoding.UTF8.GetBytes(name));
            output.Write("\":\""u8);
            Escape(output, Encoding.UTF8.GetBytes(value));
            output.Write("\""u8);
        }

        output.Write("},"u8);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>RFC 3339 with nanoseconds, trailing zeros cut as Go's RFC3339Nano does.</summary>
    public static void AppendTime(IBufferWriter<byte> output, DateTime time)
    {
        var span = output.GetSpan(40);
        time.TryFormat(span, out var length, "yyyy-MM-ddTHH:mm:ss.fffffff", CultureInfo.InvariantCulture);
        while (span[length - 1] == '0')
            length--;
        if (span[length - 1] == '.')
            length--;
        span[length++] = (byte)'Z';
        output.Advance(length);
    }

    /// <summary>Reads one line of a log file.</summary>
    /// <returns>False for a line that is torn, holds NULs or is otherwise no entry: the reader goes on with the next.</returns>
    public static bool TryParse(ReadOnlySpan<byte> line, out LogEntry entry)
    {
        entry = default;
        // A torn write may have left its half in front of a whole line: the last whole object counts.
        var start = line.LastIndexOf("{\"log\":\""u8);
        if (start < 0)
            return false;
        var rest = line[(start + 8)..];
        var text = new ArrayBufferWriter<byte>(Math.Max(rest.Length, 1));
        if (!Unescape(ref rest, text))
            return false;
        if (!rest.StartsWith(",\"stream\":\"std"u8))
            return false;
        rest = rest[14..];
        LogSource source;
        if (rest.StartsWith("out\""u8))
            source = LogSource.Stdout;
        else if (rest.StartsWith("err\""u8))
            source = LogSource.Stderr;
        else
            return false;
        rest = rest[4..];
        // The last: attributes before it may hold anything.
        var timeAt = rest.LastIndexOf("\"time\":\""u8);
        if (timeAt < 0)
            return false;
        rest = rest[(timeAt + 8)..];
        var end = rest.IndexOf((byte)'"');
        if (end < 0 || end > 40)
            return false;
        if (!TryParseTime(rest[..end], out var time))
            return false;
        entry = new LogEntry(source, time, text.WrittenMemory);
        return true;
    }

    private static bool TryParseTime(ReadOnlySpan<byte> text, out DateTime time)
    {
        // .NET knows seven digits of a second, files may hold nine.
        Span<char> chars = stackalloc char[text.Length];
        Encoding.Latin1.GetChars(text, chars);
        var dot = chars.IndexOf('.');
        var value = chars.ToString();
        if (dot > 0)
        {
            var digits = 0;
            while (dot + 1 + digits < value.Length && char.IsAsciiDigit(value[dot + 1 + digits]))
                digits++;
            if (digits > 7)
                value = value[..(dot + 8)] + value[(dot + 1 + digits)..];
        }

        return DateTime.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out time);
    }

    private static void Escape(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        Span<byte> hex = stackalloc byte[2];
        while (!text.IsEmpty)
        {
            var plain = text.IndexOfAny(Special);
            if (plain < 0)
            {
                output.Write(text);
                return;
            }

            output.Write(text[..plain]);
            text = text[plain..];
            var b = text[0];
            if (b >= 0x80)
            {
                text = text[EscapeRune(output, text)..];
                continue;
            }

            switch (b)
            {
                case (byte)'"': output.Write("\\\""u8); break;
                case (byte)'\\': output.Write("\\\\"u8); break;
                case (byte)'\n': output.Write("\\n"u8); break;
                case (byte)'\r': output.Write("\\r"u8); break;
                case (byte)'\t': output.Write("\\t"u8); break;
                default:
                    output.Write("\\u00"u8);
                    Utf8Formatter.TryFormat(b, hex, out _, new StandardFormat('x', 2));
                    output.Write(hex);
                    break;
            }

            text = text[1..];
        }
    }

    /// <summary>A run of bytes from 0x80 on: copied when UTF-8, one U+FFFD a byte when not. Gives how many were taken.</summary>
    private static int EscapeRune(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        var status = Rune.DecodeFromUtf8(text, out var rune, out var taken);
        if (status == OperationStatus.Done && rune.Value is not (0x2028 or 0x2029))
        {
            output.Write(text[..taken]);
            return taken;
        }

        if (status == OperationStatus.Done)
        {
            output.Write(rune.Value == 0x2028 ? "\\u2028"u8 : "\\u2029"u8);
            return taken;
        }

        output.Write("\\ufffd"u8);
        return 1;
    }

    /// <summary>Takes a JSON string's rest up to its closing quote.</summary>
    private static bool Unescape(ref ReadOnlySpan<byte> rest, ArrayBufferWriter<byte> output)
    {
        while (true)
        {
            var stop = rest.IndexOfAny((byte)'"', (byte)'\\', (byte)0);
            if (stop < 0 || rest[stop] == 0)
                return false;
            output.Write(rest[..stop]);
            if (rest[stop] == (byte)'"')
            {
                rest = rest[(stop + 1)..];
                return true;
            }

            if (stop + 1 >= rest.Length)
                return false;
            var escape = rest[stop + 1];
            rest = rest[(stop + 2)..];
            switch (escape)
            {
                case (byte)'n': Put(output, (byte)'\n'); break;
                case (byte)'r': Put(output, (byte)'\r'); break;
                case (byte)'t': Put(output, (byte)'\t'); break;
                case (byte)'b': Put(output, 8); break;
                case (byte)'f': Put(output, 12); break;
                case (byte)'u':
                    if (!UnescapeRune(ref rest, output))
                        return false;
                    break;
                default: Put(output, escape); break;
            }
        }
    }

    private static bool UnescapeRune(ref ReadOnlySpan<byte> rest, ArrayBufferWriter<byte> output)
    {
        if (!TryHex(rest, out var unit))
            return false;
        rest = rest[4..];
        Rune rune;
        if (char.IsHighSurrogate((char)unit) && rest.StartsWith("\\u"u8) && TryHex(rest[2..], out var low) && char.IsLowSurrogate((char)low))
        {
            rune = new Rune((char)unit, (char)low);
            rest = rest[6..];
        }
        else if (!Rune.TryCreate(unit, out rune))
        {
            rune = Rune.ReplacementChar;
        }

        output.Advance(rune.EncodeToUtf8(output.GetSpan(4)));
        return true;
    }

    private static bool TryHex(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        return text.Length >= 4 && Utf8Parser.TryParse(text[..4], out value, out var used, 'x') && used == 4;
    }

    private static void Put(ArrayBufferWriter<byte> output, byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }

    private static byte[] MakeSpecial()
    {
        List<byte> bytes = [(byte)'"', (byte)'\\'];
        for (var b = 0; b < 0x20; b++)
            bytes.Add((byte)b);
        for (var b = 0x80; b < 0x100; b++)
            bytes.Add((byte)b);
        return [.. bytes];
    }
}
