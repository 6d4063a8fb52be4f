using Naru.Base;

namespace Naru.Containerd;

/// <summary>Reads a snapshot's folders out of its mounts, so that layers are read and written without mounting.</summary>
internal static class SnapshotLayers
{
    /// <summary>The folders, uppermost first: an overlay's upper and lower directories, a bind mount's source.</summary>
    /// <exception cref="NaruException">InvalidArgument: the mounts are not a snapshot's.</exception>
    public static IReadOnlyList<string> Of(IReadOnlyList<SnapshotMount> mounts) => mounts switch
    {
        [] => [],
        [{ Type: "bind" or "rbind" } bind] => [bind.Source],
        [{ Type: "overlay" } overlay] => [.. Upper(overlay) is { } upper ? (string[])[upper] : [], .. Lower(overlay)],
        _ => throw NaruException.Invalid("the mounts are not a snapshot's: one bind or overlay mount was expected: invalid argument"),
    };

    /// <summary>The folder that is written to, and those below it.</summary>
    /// <exception cref="NaruException">InvalidArgument: nothing can be written to these mounts.</exception>
    public static (string Upper, IReadOnlyList<string> Lower) Writable(IReadOnlyList<SnapshotMount> mounts) => mounts switch
    {
        [{ Type: "bind" or "rbind" } bind] => (bind.Source, []),
        [{ Type: "overlay" } overlay] when Upper(overlay) is { } upper => (upper, Lower(overlay)),
        _ => throw NaruException.Invalid("a layer is applied to one bind or overlay mount that can be written to: invalid argument"),
    };

    private static string? Upper(SnapshotMount overlay) => Option(overlay, "upperdir=");

    private static string[] Lower(SnapshotMount overlay) => Option(overlay, "lowerdir=")?.Split(':') ?? [];

    private static string? Option(SnapshotMount mount, string name) =>
        mount.Options.FirstOrDefault(o => o.StartsWith(name, StringComparison.Ordinal))?[name.Length..];
}
