using Naru.Base;
using Naru.Oci.Runtime;
using Naru.Runtime.Rootfs;

namespace Naru.Runtime.SpecValidation;

/// <summary>Mounts that contradict themselves, before any is made.</summary>
internal static class MountChecks
{
    /// <exception cref="NaruException">InvalidArgument: the mount and what is wrong with it.</exception>
    public static void Check(Spec spec)
    {
        foreach (var mount in spec.Mounts ?? [])
        {
            if (WrongWith(mount, spec.Linux) is { } wrong)
                throw NaruException.Invalid($"invalid mount {{Source:{mount.Source} Destination:{mount.Destination} Type:{mount.Type} Options:[{string.Join(' ', mount.Options ?? [])}]}}: {wrong}");
        }

        if (spec.Linux?.RootfsPropagation is { Length: > 0 } word && MountOptions.PropagationOf(word) is null)
            throw NaruException.Invalid($"rootfsPropagation={word} is not supported");
    }

    private static string? WrongWith(Mount mount, LinuxSpec? linux)
    {
        if (mount.Destination.Length == 0)
            return "destination must not be empty";
        if (HasNul(mount.Destination) || HasNul(mount.Source) || HasNul(mount.Type) || (mount.Options ?? []).Any(HasNul))
            return "mount field contains null byte";
        var options = MountOptions.Parse(mount.Options);
        if (options.IsBind && options.Data.Length > 0)
            return "bind mounts cannot have any filesystem-specific options applied";
        if (!MountSources.IsMapped(mount))
            return null;
        if (!options.IsBind)
            return "id-mapped mounts are only supported for bind-mounts";
        var (uids, gids) = (mount.UidMappings is { Count: > 0 }, mount.GidMappings is { Count: > 0 });
        // Without mappings of its own it takes those of the container's user namespace.
        return uids != gids || (!uids && linux?.Namespaces?.Any(entry => entry.Type == "user") != true) ? "id-mapped mounts must have both uid and gid mappings specified" : null;
    }

    private static bool HasNul(string? text) => text?.Contains('\0') == true;
}
