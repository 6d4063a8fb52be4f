namespace Naru.Containerd;

/// <summary>A rule by which an imported image gets a name: containerd's ImageReference of a transfer's destination.</summary>
/// <param name="Name">A whole name, or what goes before a tag or digest of the archive.</param>
/// <param name="IsPrefix">The name is a prefix: the rule looks at what the archive says.</param>
/// <param name="AllowOverwrite">A whole name in the archive stands as it is, whatever the prefix; else it must lie below the prefix.</param>
/// <param name="AddDigest">The name is the prefix with the image's digest.</param>
/// <param name="SkipNamedDigest">No name with a digest for an image that the archive names.</param>
public sealed record ImportName(string Name, bool IsPrefix, bool AllowOverwrite, bool AddDigest, bool SkipNamedDigest);
