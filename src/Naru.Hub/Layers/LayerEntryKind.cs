namespace Naru.Hub.Layers;

/// <summary>What an entry of a layer is. The numbers are those of the index.</summary>
public enum LayerEntryKind : byte
{
    File = 0,
    HardLink = 1,
    Symlink = 2,
    CharacterDevice = 3,
    BlockDevice = 4,
    Directory = 5,
    Fifo = 6,

    /// <summary>Nothing itself: hides what the layers below have under this name.</summary>
    Whiteout = 7,
}
