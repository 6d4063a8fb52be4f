namespace Naru.Hub.Layers;

/// <summary>What one layer does to the layers below it, and what those above leave of it. Folders count nothing of their own.</summary>
public sealed record LayerChanges
{
    /// <summary>Files, links and devices that the layers below do not have.</summary>
    public int Added { get; set; }

    /// <summary>Those that take the place of one of the layers below.</summary>
    public int Changed { get; set; }

    /// <summary>Those of the layers below that can be seen no more, without anything in their place.</summary>
    public int Hidden { get; set; }

    /// <summary>Bytes of the layer's own files.</summary>
    public long Bytes { get; set; }

    /// <summary>Bytes of the files of the layers below that it hides or takes the place of: the image is so much smaller to look at, and no smaller to pull.</summary>
    public long HiddenBytes { get; set; }

    /// <summary>Bytes of the layer's own files that a layer above hides or takes the place of: pulled for nothing.</summary>
    public long WastedBytes { get; set; }
}
