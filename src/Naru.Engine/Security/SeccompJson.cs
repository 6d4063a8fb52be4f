using System.Text.Json;
using System.Text.Json.Serialization;

namespace Naru.Engine.Security;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SeccompDocument))]
internal sealed partial class SeccompJson : JsonSerializerContext;
