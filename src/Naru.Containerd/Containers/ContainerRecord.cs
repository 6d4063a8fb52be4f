using Google.Protobuf.WellKnownTypes;

namespace Naru.Containerd;

/// <summary>A container as metadata: what a task would be started from. It owns nothing; its task and its snapshot live apart.</summary>
/// <param name="Spec">The runtime-spec document (JSON in an Any), untouched.</param>
public sealed record ContainerRecord(
    string Id,
    IReadOnlyDictionary<string, string> Labels,
    string Image,
    string Runtime,
    Any? RuntimeOptions,
    Any? Spec,
    string Snapshotter,
    string SnapshotKey,
    IReadOnlyDictionary<string, Any> Extensions,
    string Sandbox,
    DateTime Created,
    DateTime Updated)
{
    /// <summary>The field for filters: id, image, runtime.name, snapshotter, snapshotkey, labels.KEY.</summary>
    public string? Field(IReadOnlyList<string> path) => path[0] switch
    {
        "id" => Id,
        "image" => Image,
        "runtime" when path.Count == 2 && path[1] == "name" => Runtime,
        "snapshotter" => Snapshotter,
        "snapshotkey" => SnapshotKey,
        "labels" => Filter.Label(Labels, path),
        _ => null,
    };
}
