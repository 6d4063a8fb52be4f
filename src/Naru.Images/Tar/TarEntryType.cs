namespace Naru.Images;

/// <summary>What a tar entry is; each value is its typeflag in the header.</summary>
public enum TarEntryType : byte
{
    File = (byte)'0',
    HardLink = (byte)'1',
    Symlink = (byte)'2',
    CharacterDevice = (byte)'3',
    BlockDevice = (byte)'4',
    Directory = (byte)'5',
    Fifo = (byte)'6',
}
