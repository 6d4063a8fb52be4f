using Naru.Base;
using Naru.Linux;
using Naru.Oci.Runtime;
using Naru.Runtime.Cgroups;
using Naru.Runtime.Lifecycle;
using Naru.Runtime.Rootfs;

namespace Naru.Runtime.SpecValidation;

/// <summary>What a runtime without root's rights cannot give a container, said before anything is made.</summary>
internal static class RootlessChecks
{
    /// <exception cref="NaruException">InvalidArgument</exception>
    public static void Check(Spec spec)
    {
        if (spec.Linux?.Namespaces?.Any(entry => entry.Type == "user") != true)
            throw NaruException.Invalid("rootless container requires user namespaces");
        // Of a user namespace that is joined nobody knows here who is mapped: mount(2) will say.
        var joined = spec.Linux.Namespaces.Any(entry => entry is { Type: "user", Path.Length: > 0 });
        foreach (var mount in spec.Mounts ?? [])
        {
            if (MountSources.IsMapped(mount))
                throw NaruException.Invalid($"invalid mount {{Source:{mount.Source} Destination:{mount.Destination}}}: id-mapped mounts are not supported for rootless containers");
            foreach (var option in joined ? [] : mount.Options ?? [])
            {
                if (IsUnmapped(option, "uid=", spec.Linux.UidMappings))
                    throw NaruException.Invalid("cannot specify uid= mount options for unmapped uid in rootless containers");
                if (IsUnmapped(option, "gid=", spec.Linux.GidMappings))
                    throw NaruException.Invalid("cannot specify gid= mount options for unmapped gid in rootless containers");
            }
        }

        if (spec.Process?.User?.AdditionalGids is { Count: > 0 })
            throw NaruException.Invalid("cannot set any additional groups in a rootless container");
    }

    /// <summary>Whether what cgroups an unprivileged user cannot have is done without (--rootless).</summary>
    public static bool HasUsersCgroup(CreateOptions options) => options.Rootless switch
    {
        RootlessMode.Yes => true,
        RootlessMode.No => false,
        // In a user namespace systemd, where it is asked for the cgroup, may be root's own.
        _ => Processes.EffectiveUid != 0 || (LinuxNamespaces.InUserNamespace() && (!options.SystemdCgroup || SystemdBus.UserOfOwn() != 0)),
    };

    /// <summary>Ids in a mount's options are the container's, and must be someone's outside.</summary>
    private static bool IsUnmapped(string option, string key, IReadOnlyList<IdMapping>? mappings) =>
        option.StartsWith(key, StringComparison.Ordinal) && uint.TryParse(option.AsSpan(key.Length), out var id) && NamespaceChecks.HostIdOf(mappings, id) is null;
}
