using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Naru.Containerd;

/// <summary>Reads an event's text fields by name, for filters such as <c>event.container_id==x</c>: by number from the wire, without the message's type.</summary>
internal static class EventFields
{
    private static readonly Dictionary<string, int> Tasks = new() { ["container_id"] = 1 };
    private static readonly Dictionary<string, int> TaskExits = new() { ["container_id"] = 1, ["id"] = 2 };
    private static readonly Dictionary<string, int> Named = new() { ["name"] = 1 };
    private static readonly Dictionary<string, int> Keyed = new() { ["key"] = 1, ["parent"] = 2, ["name"] = 2, ["snapshotter"] = 5 };
    private static readonly Dictionary<string, int> Containers = new() { ["id"] = 1, ["image"] = 2, ["snapshot_key"] = 3 };
    private static readonly Dictionary<string, int> Content = new() { ["digest"] = 1 };

    public static string? Read(Any message, string field)
    {
        var type = message.TypeUrl[(message.TypeUrl.LastIndexOf('/') + 1)..].Replace("containerd.events.", string.Empty, StringComparison.Ordinal);
        var fields = type switch
        {
            "TaskExit" => TaskExits,
            _ when type.StartsWith("Task", StringComparison.Ordinal) => Tasks,
            _ when type.StartsWith("Image", StringComparison.Ordinal) || type.StartsWith("Namespace", StringComparison.Ordinal) => Named,
            _ when type.StartsWith("Snapshot", StringComparison.Ordinal) => Keyed,
            _ when type.StartsWith("Container", StringComparison.Ordinal) => Containers,
            _ when type.StartsWith("Content", StringComparison.Ordinal) => Content,
            _ => null,
        };
        return fields is not null && fields.TryGetValue(field, out var number) ? Text(message.Value, number) : null;
    }

    private static string? Text(ByteString message, int number)
    {
        var input = message.CreateCodedInput();
        for (uint tag; (tag = input.ReadTag()) != 0;)
        {
            if (tag == WireFormat.MakeTag(number, WireFormat.WireType.LengthDelimited))
                return input.ReadString();
            input.SkipLastField();
        }

        return string.Empty;
    }
}
