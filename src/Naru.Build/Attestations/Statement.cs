using System.Text.Encodings.Web;
using System.Text.Json;

namespace Naru.Build.Attestations;

/// <summary>in-toto's statements: what is said, and of what.</summary>
/// <remarks>github.com/in-toto/attestation, spec/v0.1.</remarks>
internal static class Statement
{
    public const string Type = "https://in-toto.io/Statement/v0.1";

    public const string MediaType = "application/vnd.in-toto+json";

    public const string PredicateTypeAnnotation = "in-toto.io/predicate-type";

    /// <param name="subjects">The result, as names and digests.</param>
    /// <param name="indented">For people to read, as in a file of its own.</param>
    public static byte[] Write(Attestation attestation, IReadOnlyList<Subject> subjects, bool indented)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Options(indented)))
        {
            writer.WriteStartObject();
            writer.WriteString("_type", Type);
            writer.WriteString("predicateType", attestation.PredicateType);
            writer.WriteStartArray("subject");
            foreach (var subject in attestation.Subjects.Count > 0 ? attestation.Subjects : subjects)
                Write(writer, "name", subject);
            writer.WriteEndArray();
            writer.WritePropertyName("predicate");
            using (var predicate = JsonDocument.Parse(attestation.Predicate))
                predicate.RootElement.WriteTo(writer);
            writer.WriteEndObject();
        }

        return bytes.ToArray();
    }

    /// <param name="key">What the name is called: <c>name</c>, <c>uri</c>.</param>
    public static void Write(Utf8JsonWriter writer, string key, Subject subject)
    {
        writer.WriteStartObject();
        writer.WriteString(key, subject.Name);
        writer.WriteStartObject("digest");
        writer.WriteString(subject.Algorithm, subject.Hex);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    public static JsonWriterOptions Options(bool indented) => new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = indented };
}
