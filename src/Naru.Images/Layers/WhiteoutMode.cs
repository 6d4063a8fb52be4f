namespace Naru.Images;

/// <summary>What a layer's whiteouts (<c>.wh.NAME</c>) become.</summary>
public enum WhiteoutMode
{
    /// <summary>overlayfs' own: a character device 0:0, and the opaque attribute. For a layer in a folder of its own.</summary>
    Overlay,

    /// <summary>Removal, at once, of what the layers below left in the same folder.</summary>
    Remove,

    /// <summary>They are ordinary files. For archives that are no layers.</summary>
    Literal,
}
