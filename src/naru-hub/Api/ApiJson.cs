using System.Text.Json.Serialization;
using Naru.Oci;

namespace Naru.HubServer.Api;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ErrorList))]
[JsonSerializable(typeof(TagList))]
[JsonSerializable(typeof(CatalogList))]
[JsonSerializable(typeof(ReferrerList))]
internal sealed partial class ApiJson : JsonSerializerContext;

internal sealed record ErrorList(IReadOnlyList<ErrorItem> Errors);

internal sealed record ErrorItem(string Code, string Message, string? Detail);

internal sealed record TagList(string Name, IReadOnlyList<string> Tags);

internal sealed record CatalogList(IReadOnlyList<string> Repositories);

/// <summary>An image index of what is about a manifest: its list is written even when it is empty.</summary>
internal sealed record ReferrerList(int SchemaVersion, string MediaType, IReadOnlyList<Descriptor> Manifests);
