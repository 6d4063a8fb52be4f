namespace Naru.Hub.Gc;

/// <summary>What a collection is at, in the order of its steps.</summary>
public enum GarbageStage
{
    Uploads = 0,
    Images,
    Manifests,
    Links,
    Blobs,
    Objects,
    Done,
    Failed,
}
