using System.Text.Json.Serialization;

namespace Naru.Oci.Runtime;

/// <summary>Reads and writes the records of this folder, without reflection. Null members are left out.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Spec))]
[JsonSerializable(typeof(Process))]
[JsonSerializable(typeof(Resources))]
[JsonSerializable(typeof(Seccomp))]
[JsonSerializable(typeof(State))]
public sealed partial class SpecJson : JsonSerializerContext;
