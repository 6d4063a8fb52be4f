namespace Naru.Hub.Storage;

/// <summary>One entry of a listing.</summary>
/// <param name="Changed">When it was last written to, UTC.</param>
/// <param name="Complete">False for one that was only begun.</param>
public sealed record StoredObject(string Key, long Size, DateTime Changed, bool Complete);
