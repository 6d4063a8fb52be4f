using System.Text.Json.Serialization;

namespace Naru.Build.Cache;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(CacheLine))]
internal sealed partial class CacheJson : JsonSerializerContext;
