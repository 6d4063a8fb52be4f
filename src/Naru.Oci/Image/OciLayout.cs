using System.Text.Json.Serialization;

namespace Naru.Oci;

/// <summary>The <c>oci-layout</c> file of an OCI image layout.</summary>
public sealed record OciLayout
{
    public const string FileName = "oci-layout";

    [JsonPropertyName("imageLayoutVersion")]
    public string ImageLayoutVersion { get; init; } = "1.0.0";
}
