using System.Text.Json.Serialization;

namespace Naru.Engine.Containers;

[JsonSourceGenerationOptions(WriteIndented = false)]
[JsonSerializable(typeof(ContainerRecord))]
public sealed partial class ContainerRecordJson : JsonSerializerContext;
