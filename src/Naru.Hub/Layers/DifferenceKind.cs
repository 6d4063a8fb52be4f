namespace Naru.Hub.Layers;

public enum DifferenceKind
{
    Added,
    Changed,
    Removed,
}
