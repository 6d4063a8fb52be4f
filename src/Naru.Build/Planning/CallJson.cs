using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Naru.Build.Dockerfile;

namespace Naru.Build.Planning;

/// <summary>The JSON of <c>--call</c>'s answers.</summary>
internal static class CallJson
{
    /// <summary>One object, indented.</summary>
    public static byte[] Write(Action<Utf8JsonWriter> members) => WriteAll(writer =>
    {
        writer.WriteStartObject();
        members(writer);
        writer.WriteEndObject();
    });

    /// <summary>One list, indented.</summary>
    public static byte[] WriteList(Action<Utf8JsonWriter> members) => WriteAll(writer =>
    {
        writer.WriteStartArray();
        members(writer);
        writer.WriteEndArray();
    });

    private static byte[] WriteAll(Action<Utf8JsonWriter> value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            value(writer);
        return buffer.WrittenSpan.ToArray();
    }

    public static void WriteLocation(Utf8JsonWriter writer, IReadOnlyList<LineRange> ranges)
    {
        if (ranges.Count == 0)
            return;
        writer.WriteStartObject("location");
        writer.WriteStartArray("ranges");
        foreach (var range in ranges)
        {
            writer.WriteStartObject();
            WriteLine(writer, "start", range.Start);
            WriteLine(writer, "end", range.End);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static void WriteUnlessEmpty(Utf8JsonWriter writer, string name, string value)
    {
        if (value.Length > 0)
            writer.WriteString(name, value);
    }

    private static void WriteLine(Utf8JsonWriter writer, string name, int line)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("line", line);
        writer.WriteEndObject();
    }
}
