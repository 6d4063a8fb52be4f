using Google.Protobuf.WellKnownTypes;

namespace Naru.Containerd;

/// <summary>An event on its way: when, in which namespace, about what, and its message.</summary>
public sealed record EventEnvelope(DateTime Timestamp, string Namespace, string Topic, Any Event)
{
    /// <summary>The field for filters: namespace, topic, or event.NAME for the message's own text fields.</summary>
    public string? Field(IReadOnlyList<string> path) => path[0] switch
    {
        "namespace" => Namespace,
        "topic" => Topic,
        "event" when path.Count == 2 => EventFields.Read(Event, path[1]),
        _ => null,
    };
}
