namespace Naru.Hub.Layers;

/// <summary>What a layer does to one path of the layers below.</summary>
public enum FolderChange
{
    /// <summary>Nothing; of a folder neither to what is in it.</summary>
    None,

    /// <summary>A folder that is itself as it was, but not all that is in it.</summary>
    Inside,

    Added,
    Changed,

    /// <summary>Was there, and is not any more.</summary>
    Removed,
}
