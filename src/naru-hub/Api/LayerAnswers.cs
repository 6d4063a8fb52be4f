using Naru.Hub.Layers;

namespace Naru.HubServer.Api;

/// <summary>What is known of layers, in the API's words.</summary>
internal static class LayerAnswers
{
    public static FileAnswer File(LayerEntry entry) => File(entry, entry, FolderChange.None, null);

    /// <summary>A path of an image: a directory has the size that the layer has which it is seen from.</summary>
    public static FileAnswer File(ImagePath path) => File(path.Entry, path.Own, path.Change, path.Layer);

    private static FileAnswer File(LayerEntry entry, LayerEntry? own, FolderChange change, int? layer) => new(
        entry.Name,
        Type(entry.Kind),
        entry.Kind == LayerEntryKind.Directory ? own?.Size ?? 0 : entry.Size,
        entry.Kind == LayerEntryKind.Directory ? own?.Below ?? 0 : null,
        Mode(entry.Mode),
        entry.Uid,
        entry.Gid,
        entry.Modified,
        entry.Target,
        Hash(entry),
        entry.Opaque ? true : null,
        Change(change),
        layer);

    public static string? Hash(LayerEntry? entry) => entry?.Sha256 is { } hash ? Convert.ToHexStringLower(hash) : null;

    public static string Change(DifferenceKind kind) => kind switch
    {
        DifferenceKind.Added => "added",
        DifferenceKind.Changed => "changed",
        _ => "removed",
    };

    private static string? Change(FolderChange change) => change switch
    {
        FolderChange.Inside => "inside",
        FolderChange.Added => "added",
        FolderChange.Changed => "changed",
        FolderChange.Removed => "removed",
        _ => null,
    };

    private static string Type(LayerEntryKind kind) => kind switch
    {
        LayerEntryKind.HardLink => "hardlink",
        LayerEntryKind.Symlink => "symlink",
        LayerEntryKind.CharacterDevice => "character-device",
        LayerEntryKind.BlockDevice => "block-device",
        LayerEntryKind.Directory => "directory",
        LayerEntryKind.Fifo => "fifo",
        LayerEntryKind.Whiteout => "whiteout",
        _ => "file",
    };

    private static string Mode(uint mode) => "0" + Convert.ToString(mode, 8).PadLeft(3, '0');
}
