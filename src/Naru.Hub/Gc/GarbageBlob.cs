namespace Naru.Hub.Gc;

/// <summary>A blob that nothing needs, with its objects in the storage.</summary>
/// <param name="Index">The object with the layer's files, if there is one.</param>
internal sealed record GarbageBlob(string Digest, long Size, string Object, string? Index);
