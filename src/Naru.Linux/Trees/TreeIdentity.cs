namespace Naru.Linux;

/// <summary>Device and inode: the same for all names of one file.</summary>
public readonly record struct TreeIdentity(uint Major, uint Minor, ulong Inode);
