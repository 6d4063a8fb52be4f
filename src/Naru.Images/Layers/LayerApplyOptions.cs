using Naru.Oci;

namespace Naru.Images;

/// <summary>How a layer is applied.</summary>
public sealed record LayerApplyOptions
{
    public WhiteoutMode Whiteouts { get; init; } = WhiteoutMode.Overlay;

    /// <summary>
    /// Folders of the layers below, uppermost first: parents that the layer does not name take owner, mode and time from there. Where those layers are
    /// not complete yet, leave it empty and call <see cref="LayerApplier.DressParents"/> later.
    /// </summary>
    public IReadOnlyList<string> LowerFolders { get; init; } = [];

    /// <summary>The digest of the stream as it comes, where it has been checked already: an uncompressed layer is not hashed again.</summary>
    public Digest Verified { get; init; }

    /// <summary>Most bytes that may be written; null takes what the file system has free. Against data that decompress without end.</summary>
    public long? MaximumBytes { get; init; }

    /// <summary>Refuse to replace a directory with something else, or the reverse (docker cp).</summary>
    public bool KeepKinds { get; init; }

    /// <summary>Maps the owner in the archive to the owner on disk; null keeps it.</summary>
    public Func<uint, uint, (uint Uid, uint Gid)>? MapOwner { get; init; }

    /// <summary>Where in the root all entries go: a clean relative path; links in it are resolved inside the root.</summary>
    public byte[] Folder { get; init; } = [];
}
