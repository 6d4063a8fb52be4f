using Naru.Linux;
using Types = Naru.Rpc.Types;

namespace Naru.Engine.Containers;

/// <summary>A snapshot's mounts: the folders they stack, and the mount itself for a moment's work in the container's root.</summary>
public static class RootMount
{
    /// <summary>The layers' folders, topmost first.</summary>
    public static IReadOnlyList<string> Layers(IReadOnlyList<Types.Mount> mounts)
    {
        List<string> layers = [];
        foreach (var mount in mounts)
        {
            if (mount.Type is "bind" or "rbind")
            {
                layers.Add(mount.Source);
                continue;
            }

            layers.AddRange(mount.Options.Where(option => option.StartsWith("upperdir=", StringComparison.Ordinal)).Select(option => option[9..]));
            layers.AddRange(mount.Options.Where(option => option.StartsWith("lowerdir=", StringComparison.Ordinal)).SelectMany(option => option[9..].Split(':')));
            layers.AddRange(mount.Options.Where(option => option.StartsWith("lowerdir+=", StringComparison.Ordinal)).Select(option => option[10..]));
        }

        return layers;
    }

    /// <summary>Mounts what a snapshot shows to be read only; the snapshot may be in use elsewhere.</summary>
    public static void MakeReadOnly(IReadOnlyList<Types.Mount> mounts, string target)
    {
        var layers = Layers(mounts);
        Directory.CreateDirectory(target);
        if (layers.Count > 1)
        {
            new FstabOptions(MountFlags.ReadOnly, MountFlags.None, ["lowerdir=" + string.Join(':', layers)]).Mount("overlay", "overlay", target);
            return;
        }

        Mounts.Bind(layers[0], target);
        Mounts.Mount(null, target, null, MountFlags.Bind | MountFlags.Remount | MountFlags.ReadOnly);
    }

    /// <summary>The same mounts for a container that nobody will look into after its end: overlayfs then does not write its files back to disk at the unmount.</summary>
    /// <remarks>
    /// «volatile» (Linux 5.10) leaves a mark under workdir that refuses the next mount, as the files may be incomplete after a crash of the machine. After one the
    /// container is removed anyway; before a restart within the same boot the mark may go.
    /// </remarks>
    public static IReadOnlyList<Types.Mount> Throwaway(IReadOnlyList<Types.Mount> mounts)
    {
        if (mounts is not [{ Type: "overlay" } overlay] || !OperatingSystem.IsOSPlatformVersionAtLeast("linux", 5, 10))
            return mounts;
        if (overlay.Options.FirstOrDefault(option => option.StartsWith("workdir=", StringComparison.Ordinal)) is not { } work)
            return mounts;
        var mark = Path.Combine(work["workdir=".Length..], "work", "incompat", "volatile");
        if (Directory.Exists(mark))
            Directory.Delete(mark, recursive: true);
        var once = overlay.Clone();
        once.Options.Add("volatile");
        return [once];
    }

    /// <summary>Mounts a snapshot on a folder.</summary>
    public static void Make(IReadOnlyList<Types.Mount> mounts, string target)
    {
        Directory.CreateDirectory(target);
        foreach (var mount in mounts)
            FstabOptions.Parse(mount.Options).Mount(mount.Type, mount.Source, target);
    }
}
