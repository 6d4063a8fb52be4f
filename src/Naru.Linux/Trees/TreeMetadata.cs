namespace Naru.Linux;

/// <summary>Owner, permission bits (with setuid, setgid, sticky) and modification time of one file.</summary>
/// <param name="Seconds">Since 1970; may be negative.</param>
public readonly record struct TreeMetadata(uint Mode, uint Uid, uint Gid, long Seconds, uint Nanoseconds);
