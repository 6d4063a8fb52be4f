namespace Naru.Hub.Storage;

/// <summary>One entry of a listing.</summary>
/// <param name="Size">Bytes; of one that was only begun, what the storage can tell without reading it.</param>
/// <param name="Changed">When it was last written to, UTC.</param>
/// <param name="Complete">False for one that was only begun.</param>
public sealed record StoredObject(string Key, long Size, DateTime Changed, bool Complete);
