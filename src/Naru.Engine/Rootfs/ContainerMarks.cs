using Naru.Linux;

namespace Naru.Engine.Rootfs;

/// <summary>What every new container has beside its image's files: /.dockerenv, which tells programs that they run in a container, and /etc/mtab for those that look there for mounts.</summary>
internal static class ContainerMarks
{
    /// <param name="layers">The container's own folder, then those below it; nothing is mounted.</param>
    public static void Put(IReadOnlyList<string> layers)
    {
        using (new FileStream(Path.Combine(layers[0], ".dockerenv"), new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, UnixCreateMode = (UnixFileMode)0x1ED }))
        {
        }

        PutMtab(layers);
    }

    private static void PutMtab(IReadOnlyList<string> layers)
    {
        var below = layers.Skip(1).Select(folder => new TreeReader(folder)).ToList();
        try
        {
            var etc = LayerChanges.Lower(below, "etc"u8.ToArray());
            if (etc is { Kind: not TreeEntryKind.Directory } || LayerChanges.Lower(below, "etc/mtab"u8.ToArray()) is not null)
                return;
            using var root = TreeFolder.Open(layers[0]);
            root.MakeFolder("etc"u8, 0x1ED);
            using var folder = root.Enter("etc"u8);
            folder.MakeSymlink("mtab"u8, "/proc/mounts"u8);
            if (etc is null)
                return;
            // The image's own folder, as it was.
            folder.SetOwner(default, etc.Metadata.Uid, etc.Metadata.Gid);
            folder.SetMode(default, etc.Metadata.Mode);
            folder.SetTime(default, etc.Metadata.Seconds, etc.Metadata.Nanoseconds);
        }
        finally
        {
            foreach (var reader in below)
                reader.Dispose();
        }
    }
}
