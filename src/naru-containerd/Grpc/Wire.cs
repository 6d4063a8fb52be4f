using Google.Protobuf.WellKnownTypes;
using Naru.Containerd;
using Naru.Rpc.Types;

namespace Naru.ContainerdDaemon;

/// <summary>The library's records as the API's messages, and back.</summary>
internal static class Wire
{
    public static Timestamp Time(DateTime time) => Timestamp.FromDateTime(time);

    public static ContentDescriptor Descriptor(TargetDescriptor target)
    {
        var descriptor = new ContentDescriptor { MediaType = target.MediaType, Digest = target.Digest, Size = target.Size };
        Copy(target.Annotations, descriptor.Annotations);
        return descriptor;
    }

    public static TargetDescriptor Target(ContentDescriptor? descriptor) => descriptor is null
        ? new TargetDescriptor(string.Empty, string.Empty, 0, new Dictionary<string, string>())
        : new TargetDescriptor(descriptor.MediaType, descriptor.Digest, descriptor.Size, new Dictionary<string, string>(descriptor.Annotations));

    public static Mount Mount(SnapshotMount mount)
    {
        var message = new Mount { Type = mount.Type, Source = mount.Source };
        message.Options.Add(mount.Options);
        return message;
    }

    public static void Copy<T>(IEnumerable<KeyValuePair<string, T>> from, IDictionary<string, T> to)
    {
        foreach (var (key, value) in from)
            to[key] = value;
    }

    public static IReadOnlyList<string> Paths(FieldMask? mask) => mask is null ? [] : mask.Paths;
}
