using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Naru.Base;

namespace Naru.Oci;

/// <summary>JSON of image documents. Nulls are left out; what is written is new content with a new digest, never a copy of what was read.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, MaxDepth = 64)]
[JsonSerializable(typeof(ImageManifest))]
[JsonSerializable(typeof(ImageIndex))]
[JsonSerializable(typeof(ImageConfig))]
[JsonSerializable(typeof(Descriptor))]
[JsonSerializable(typeof(Platform))]
[JsonSerializable(typeof(OciLayout))]
public sealed partial class OciJson : JsonSerializerContext
{
    private static readonly OciJson Relaxed = new(new JsonSerializerOptions
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>Reads a document, or says what is wrong with it.</summary>
    /// <exception cref="NaruException">InvalidArgument: not JSON, not of this shape, or null.</exception>
    internal static T Read<T>(ReadOnlySpan<byte> content, JsonTypeInfo<T> type, string what)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(content, type) ?? throw NaruException.Invalid($"invalid {what}: null");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new NaruException(ErrorKind.InvalidArgument, $"invalid {what}: {e.Message}", e);
        }
    }

    internal static byte[] Write<T>(T value, JsonTypeInfo<T> type) =>
        JsonSerializer.SerializeToUtf8Bytes(value, (JsonTypeInfo<T>)Relaxed.GetTypeInfo(type.Type)!);
}
