using System.Text.Json.Serialization;

namespace Naru.Runtime.State;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ContainerState))]
[JsonSerializable(typeof(StateListEntry))]
[JsonSerializable(typeof(List<StateListEntry>))]
[JsonSerializable(typeof(List<int>))]
internal sealed partial class StateJson : JsonSerializerContext;
