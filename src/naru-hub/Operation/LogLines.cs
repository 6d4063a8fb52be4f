using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Naru.Base;

namespace Naru.HubServer.Operation;

/// <summary>Lines of the log with named values, made one after another and then written at once. Used by one thread at a time.</summary>
internal sealed class LogLines(bool json)
{
    private static readonly SearchValues<char> Bare = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._/@^+:");

    private readonly ArrayBufferWriter<byte> bytes = new(1024);

    public int Length => bytes.WrittenCount;

    public void Begin(LogLevel level, string message)
    {
        Ascii(json ? "{\"time\":\"" : "time=\"");
        var span = bytes.GetSpan(40);
        DateTime.UtcNow.TryFormat(span, out var written, "yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture);
        bytes.Advance(written);
        Ascii(json ? "\",\"level\":\"" : "\" level=");
        Ascii(Log.Word(level));
        Ascii(json ? "\"" : "");
        Field("msg", message);
    }

    public void Field(string name, string value)
    {
        Name(name);
        if (!json && value.Length > 0 && !value.AsSpan().ContainsAnyExcept(Bare))
        {
            Ascii(value);
            return;
        }

        Ascii("\"");
        var from = 0;
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] is >= ' ' and not ('"' or '\\' or '\x7f'))
                continue;
            Text(value.AsSpan(from, i - from));
            from = i + 1;
            Ascii(value[i] switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                var other => $"\\u{(int)other:x4}",
            });
        }

        Text(value.AsSpan(from));
        Ascii("\"");
    }

    public void Number(string name, double value)
    {
        Name(name);
        var span = bytes.GetSpan(32);
        Utf8Formatter.TryFormat(value, span, out var written);
        bytes.Advance(written);
    }

    public void Number(string name, long value)
    {
        Name(name);
        var span = bytes.GetSpan(32);
        Utf8Formatter.TryFormat(value, span, out var written);
        bytes.Advance(written);
    }

    public void End() => Ascii(json ? "}\n" : "\n");

    /// <summary>One line of nothing but a message.</summary>
    public static byte[] Json(LogLevel level, string message)
    {
        var line = new LogLines(json: true);
        line.Begin(level, message);
        line.End();
        return line.bytes.WrittenSpan.ToArray();
    }

    /// <summary>Writes all of them to the log.</summary>
    public void Write() => Log.Write(bytes.WrittenSpan);

    private void Name(string name)
    {
        Ascii(json ? ",\"" : " ");
        Ascii(name);
        Ascii(json ? "\":" : "=");
    }

    private void Ascii(string text) => Text(text);

    private void Text(ReadOnlySpan<char> text)
    {
        var span = bytes.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        Utf8.FromUtf16(text, span, out _, out var written, replaceInvalidSequences: true);
        bytes.Advance(written);
    }
}
