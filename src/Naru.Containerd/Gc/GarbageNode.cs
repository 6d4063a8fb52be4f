namespace Naru.Containerd;

/// <summary>Something that may be collected, or may keep another from it.</summary>
/// <param name="Type"><c>content</c>, <c>snapshots/overlayfs</c>, <c>images</c>.</param>
public readonly record struct GarbageNode(string Namespace, string Type, string Key)
{
    public const string Content = "content";
    public const string Snapshots = "snapshots/" + OverlaySnapshotter.Name;
    public const string Images = "images";
}
