namespace Naru.Linux;

/// <summary>The kinds of file; each value is its S_IFMT bits.</summary>
public enum TreeEntryKind : uint
{
    Fifo = 0x1000,
    CharacterDevice = 0x2000,
    Directory = 0x4000,
    BlockDevice = 0x6000,
    File = 0x8000,
    Symlink = 0xA000,
    Socket = 0xC000,
}
