using System.Globalization;
using Naru.Linux;
using Naru.Runtime.Init;
using OciMount = Naru.Oci.Runtime.Mount;

namespace Naru.Runtime.Rootfs;

/// <summary>A new file system: tmpfs, mqueue, devpts, overlay and whatever else the kernel mounts by its name.</summary>
internal static class FileSystemMount
{
    /// <param name="label">SELinux' of the files in it.</param>
    /// <returns>True: it is to be read-only, but shall be made so last (<see cref="MakeReadOnly"/>), when what belongs in it is there.</returns>
    public static bool Make(ContainerRoot root, OciMount mount, MountOptions options, string? label)
    {
        var type = mount.Type ?? "";
        var data = type == "tmpfs" ? WithMode(root, mount.Destination, options.Data) : options.Data;
        // mqueue has no option for a label, but keeps one of its folder.
        if (type != "mqueue")
            data = Selinux.WithContext(data, label);
        var late = options.Set.HasFlag(MountFlags.ReadOnly) && (type == "tmpfs" || mount.Destination.TrimEnd('/') == "/dev");
        using (var target = root.MakeFolder(mount.Destination))
        {
            MountPlace.Check(root, mount, options, target);
            ContainerRoot.Mount(mount.Source ?? type, target, mount.Destination, type, late ? options.Set & ~MountFlags.ReadOnly : options.Set, data);
            if (type == "tmpfs" && options.CopyUp)
            {
                using var mounted = root.Open(mount.Destination);
                CopyUp.Copy(target, mounted, mount.Destination);
            }
        }

        if (type == "mqueue")
        {
            using var mounted = root.Open(mount.Destination);
            Selinux.LabelFolder(mounted, label);
        }

        MountAttributes.Apply(root, mount.Destination, options, remount: false);
        return late;
    }

    public static void MakeReadOnly(ContainerRoot root, OciMount mount, MountOptions options)
    {
        using var mounted = root.Open(mount.Destination);
        MountAttributes.SetFlags(mounted, mount.Destination, options.Set, MountFlags.None);
    }

    /// <summary>A tmpfs takes the mode of the folder that it covers, where its options say nothing else.</summary>
    private static string WithMode(ContainerRoot root, string destination, string data)
    {
        if (data.Contains("mode=", StringComparison.Ordinal))
            return data;
        using var existing = root.TryOpen(destination);
        if (existing is null)
            return data;
        var mode = string.Create(CultureInfo.InvariantCulture, $"mode=0{Convert.ToString(Files.Status(existing).Mode, 8)}");
        return data.Length == 0 ? mode : $"{mode},{data}";
    }
}
