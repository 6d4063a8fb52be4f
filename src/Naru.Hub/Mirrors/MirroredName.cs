namespace Naru.Hub.Mirrors;

/// <summary>A repository of a mirrored registry.</summary>
/// <param name="Path">Its name there: <c>library/busybox</c>.</param>
public sealed record MirroredName(Mirror Mirror, string Path)
{
    /// <summary>Its name here: <c>docker.io/library/busybox</c>, <c>registry.local__5000/app</c>.</summary>
    public string Name => $"{Mirror.Folder}/{Path}";
}
