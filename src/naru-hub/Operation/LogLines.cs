using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Naru.Base;

namespace Naru.HubServer.Operation;

/// <summary>Lines of the log with named values, made one after another and then written at once. Used by one thread at a time.</summary>
internal sealed class LogLines(bool json)
{
    private const int LongestNumber = 32;

    private static readonly SearchValues<char> Bare = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._/@^+:");
    private static readonly LogName Message = new("msg");

    private byte[] bytes = new byte[4096];

    public int Length { get; private set; }

    /// <summary>One line of JSON with nothing but a message.</summary>
    public static byte[] Json(LogLevel level, string message)
    {
        var line = new LogLines(json: true);
        line.Begin(level, message);
        line.End();
        return line.bytes[..line.Length];
    }

    public void Begin(LogLevel level, string message)
    {
        Raw(json ? "{\"time\":\""u8 : "time=\""u8);
        DateTime.UtcNow.TryFormat(Room(40), out var written, "yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture);
        Length += written;
        Raw(json ? "\",\"level\":\""u8 : "\" level="u8);
        Encode(Log.Word(level));
        if (json)
            Raw("\""u8);
        Field(Message, message);
    }

    public void Field(LogName name, string value)
    {
        Raw(json ? name.Json : name.Text);
        if (!json && value.Length > 0 && !value.AsSpan().ContainsAnyExcept(Bare))
        {
            Encode(value);
            return;
        }

        Raw("\""u8);
        var from = 0;
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] is >= ' ' and not ('"' or '\\' or '\x7f'))
                continue;
            Encode(value.AsSpan(from, i - from));
            from = i + 1;
            Encode(value[i] switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                var other => $"\\u{(int)other:x4}",
            });
        }

        Encode(value.AsSpan(from));
        Raw("\""u8);
    }

    public void Number(LogName name, long value)
    {
        Raw(json ? name.Json : name.Text);
        Utf8Formatter.TryFormat(value, Room(LongestNumber), out var written);
        Length += written;
    }

    /// <summary>A number of thousandths, as a decimal: 1234 is 1.234.</summary>
    public void Thousandths(LogName name, long value)
    {
        Number(name, value / 1000);
        Raw("."u8);
        Utf8Formatter.TryFormat(value % 1000, Room(LongestNumber), out var written, new StandardFormat('D', 3));
        Length += written;
    }

    public void End() => Raw(json ? "}\n"u8 : "\n"u8);

    /// <summary>Writes all of them to the log, and begins anew.</summary>
    public void Write()
    {
        Log.Write(bytes.AsSpan(0, Length));
        Length = 0;
    }

    private void Raw(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Room(text.Length));
        Length += text.Length;
    }

    private void Encode(ReadOnlySpan<char> text) => Length += Encoding.UTF8.GetBytes(text, Room(Encoding.UTF8.GetMaxByteCount(text.Length)));

    private Span<byte> Room(int count)
    {
        if (bytes.Length - Length < count)
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, Length + count));
        return bytes.AsSpan(Length);
    }
}
