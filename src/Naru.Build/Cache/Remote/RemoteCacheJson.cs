using System.Text.Json.Serialization;

namespace Naru.Build.Cache.Remote;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, MaxDepth = 16)]
[JsonSerializable(typeof(CacheDocument))]
[JsonSerializable(typeof(IReadOnlyList<CacheDocument.Record>))]
internal sealed partial class RemoteCacheJson : JsonSerializerContext;
