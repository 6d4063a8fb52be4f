using System.Text.Json;
using Naru.Base;

namespace Naru.Hub.Registry;

/// <summary>What image-spec requires of a manifest, and a reader that fills in what is missing would not miss.</summary>
internal static class RequiredFields
{
    /// <param name="content">A JSON object.</param>
    /// <exception cref="NaruException">InvalidArgument: schemaVersion is not 2, or an index has no manifests.</exception>
    public static void Check(ReadOnlySpan<byte> content, bool index)
    {
        var (version, manifests) = (false, false);
        var reader = new Utf8JsonReader(content, new JsonReaderOptions { MaxDepth = 64 });
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1)
                continue;

            // A list of nothing is null where Go wrote it.
            manifests |= reader.ValueTextEquals("manifests"u8);
            var isVersion = reader.ValueTextEquals("schemaVersion"u8);
            reader.Read();
            version |= isVersion && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number) && number == 2;
            reader.Skip();
        }

        if (!version)
            throw NaruException.Invalid("invalid manifest: schemaVersion must be 2");
        if (index && !manifests)
            throw NaruException.Invalid("invalid manifest: index has no manifests");
    }
}
