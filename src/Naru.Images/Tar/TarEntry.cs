using Naru.Linux;

namespace Naru.Images;

/// <summary>One entry of a tar archive, as its headers say: nothing is cleaned or checked against where it will go. Names are bytes.</summary>
public sealed class TarEntry
{
    public TarEntryType Type { get; set; } = TarEntryType.File;

    public byte[] Name { get; set; } = [];

    /// <summary>Target of a symbolic or hard link, else empty.</summary>
    public byte[] LinkName { get; set; } = [];

    /// <summary>Permission bits with setuid, setgid and sticky.</summary>
    public uint Mode { get; set; }

    public long Uid { get; set; }

    public long Gid { get; set; }

    /// <summary>Bytes of the file, holes included; 0 for all other types.</summary>
    public long Size { get; set; }

    /// <summary>Modification time in seconds since 1970.</summary>
    public long Seconds { get; set; }

    public uint Nanoseconds { get; set; }

    public uint DeviceMajor { get; set; }

    public uint DeviceMinor { get; set; }

    /// <summary>User and group names, for archives that are written; reading ignores them.</summary>
    public string UserName { get; set; } = "";

    public string GroupName { get; set; } = "";

    public IReadOnlyList<TreeXattr> Xattrs { get; set; } = [];

    /// <summary>The parts of a sparse file that have data, in order; null for a plain file.</summary>
    public IReadOnlyList<(long Offset, long Length)>? Sparse { get; set; }
}
