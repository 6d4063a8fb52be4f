using System.Text;

namespace Naru.Hub.Layers;

/// <summary>One path of one layer, as its index has it.</summary>
public sealed class LayerEntry
{
    private string? folder;
    private string? name;

    /// <summary>The folder's path, 0, the name: bytes. Sorted by these, a folder's children lie together, and behind the folder itself.</summary>
    internal byte[] Key { get; init; } = [0];

    /// <summary>Where in <see cref="Key"/> the folder ends.</summary>
    internal int Split { get; init; }

    internal ReadOnlySpan<byte> RawFolder => Key.AsSpan(0, Split);

    internal ReadOnlySpan<byte> RawName => Key.AsSpan(Split + 1);

    /// <summary>The folder it is in, relative to the root; empty for the root. Bytes that are no UTF-8 are shown as U+FFFD.</summary>
    public string Folder => folder ??= Encoding.UTF8.GetString(RawFolder);

    /// <summary>Its name in that folder; empty for the root itself.</summary>
    public string Name => name ??= Encoding.UTF8.GetString(RawName);

    public string Path => Split == 0 ? Name : $"{Folder}/{Name}";

    public LayerEntryKind Kind { get; set; }

    /// <summary>Bytes of a file (of a hard link: of what it links to); of a folder: of all the files below it that this layer has, a hard link counting nothing.</summary>
    public long Size { get; set; }

    /// <summary>Of a folder: how many entries this layer has below it, whiteouts among them.</summary>
    public long Below { get; set; }

    /// <summary>Permission bits with setuid, setgid and sticky.</summary>
    public uint Mode { get; set; }

    public long Uid { get; set; }

    public long Gid { get; set; }

    /// <summary>When it was last modified: seconds since 1970, anything that a tar can say.</summary>
    public long Modified { get; set; }

    /// <summary>What a symbolic link says, or the path that a hard link shares its bytes with.</summary>
    public string? Target => RawTarget is null ? null : Encoding.UTF8.GetString(RawTarget);

    public uint DeviceMajor { get; set; }

    public uint DeviceMinor { get; set; }

    /// <summary>The layer has no entry for this folder, only for what is in it: mode, owner and time are those of the layers below.</summary>
    public bool Implied { get; set; }

    /// <summary>A folder that hides everything the layers below have in it.</summary>
    public bool Opaque { get; set; }

    /// <summary>The layer has a whiteout of this name too: nothing of the layers below shows through.</summary>
    public bool Hides { get; set; }

    /// <summary>A file's SHA-256, 32 bytes; null for an empty one, for one with holes, and where the bytes are in a layer below.</summary>
    public byte[]? Sha256 { get; set; }

    /// <summary>True when its bytes are in this layer and can be read: a file, or a hard link to one.</summary>
    public bool IsReadable => Kind is LayerEntryKind.File or LayerEntryKind.HardLink && Offset >= 0;

    internal byte[]? RawTarget { get; set; }

    /// <summary>Where its bytes begin in the uncompressed layer; -1 for a hard link whose target is not in this layer, and for a file with too many holes to note.</summary>
    internal long Offset { get; set; } = -1;

    /// <summary>The parts of a file with holes that have data; in the layer they lie one after the other.</summary>
    internal IReadOnlyList<(long Offset, long Length)>? Sparse { get; set; }

    internal static byte[] KeyOf(ReadOnlySpan<byte> folder, ReadOnlySpan<byte> name) => [.. folder, 0, .. name];
}
