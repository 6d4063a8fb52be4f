using System.Text.Json;
using System.Text.Json.Serialization;

namespace Naru.Api;

/// <summary>A command that may be written as one string or as a list of words (Docker's strslice); written as a list.</summary>
public sealed class WordsConverter : JsonConverter<IReadOnlyList<string>?>
{
    public override IReadOnlyList<string>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.String:
                return [reader.GetString()!];
            case JsonTokenType.StartArray:
                var words = new List<string>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    words.Add(reader.GetString() ?? "");
                return words;
            default:
                throw new JsonException("expected a string or a list of strings");
        }
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<string>? value, JsonSerializerOptions options)
    {
        if (value is null)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartArray();
        foreach (var word in value)
            writer.WriteStringValue(word);
        writer.WriteEndArray();
    }
}
