using Microsoft.Win32.SafeHandles;
using Naru.Base;
using Naru.Linux;
using Naru.Oci.Runtime;
using Naru.Runtime.Init;
using OciMount = Naru.Oci.Runtime.Mount;

namespace Naru.Runtime.Rootfs;

/// <summary>Builds the container's file system in its own mount namespace, up to the switch of the root.</summary>
/// <remarks>
/// How a mount is made is the business of one class a kind; the order of the steps is here. All of it happens before pivot_root: /proc and /dev/null are the
/// host's still, and cannot be forged.
/// </remarks>
internal sealed class RootfsBuilder : IDisposable
{
    private readonly Spec _spec;
    private readonly string _bundle;
    private readonly CgroupFileSystemMount _cgroups;
    private readonly List<(OciMount Mount, MountOptions Options)> _late = [];

    /// <summary>Makes the rootfs a mount of its own, cut off from the host's propagation.</summary>
    /// <param name="bundle">What relative sources of bind mounts are relative to.</param>
    /// <param name="path">The root file system, absolute.</param>
    public RootfsBuilder(Spec spec, string bundle, string path, CgroupFileSystemMount cgroups)
    {
        (_spec, _bundle, _cgroups) = (spec, bundle, cgroups);
        const MountFlags usual = MountFlags.Slave | MountFlags.Recursive;
        var propagation = spec.Linux?.RootfsPropagation is { Length: > 0 } word ? MountOptions.PropagationOf(word)!.Value : usual;
        Mounts.Mount(null, "/", null, propagation);
        // After the usual one no mount is shared, nor unbindable by it.
        if (propagation is not (usual or (MountFlags.Private | MountFlags.Recursive)))
            MakeParentPrivate(path);
        Mounts.Bind(path, path, recursive: true);
        // What the host mounts in the folder from now on is not the container's.
        Mounts.Mount(null, path, null, MountFlags.Private);
        Root = new ContainerRoot(path);
    }

    public ContainerRoot Root { get; }

    public void Dispose() => Root.Dispose();

    /// <param name="sources">Detached mounts that the runtime makes of the sources of some mounts; null where it makes none.</param>
    public void MountAll(MountSources? sources)
    {
        var mounts = _spec.Mounts ?? [];
        for (var index = 0; index < mounts.Count; index++)
        {
            var mount = mounts[index];
            try
            {
                using var source = sources?.TryTake(index);
                MountOne(WithoutRoot(mount), source);
                Stress.Step();
            }
            catch (Exception failure) when (failure is LinuxException or NaruException)
            {
                throw new NaruException(ErrorKind.Internal, $"error mounting \"{mount.Source}\" to rootfs at \"{mount.Destination}\": {failure.Message}", failure);
            }
        }
    }

    /// <summary>Makes the working directory, as runc does.</summary>
    public void MakeFolder(string path) => Root.MakeFolder(path).Dispose();

    /// <summary>What was kept writable for the runtime's own sake, and the paths that config.json protects.</summary>
    public void Protect()
    {
        foreach (var (mount, options) in _late)
            FileSystemMount.MakeReadOnly(Root, mount, options);
        PathProtection.MakeReadOnly(Root, _spec.Linux?.ReadonlyPaths ?? []);
        PathProtection.Mask(Root, _spec.Linux?.MaskedPaths ?? [], _spec.Linux?.MountLabel);
    }

    /// <summary>Makes the root itself read-only where config.json says so, then moves into it.</summary>
    public void Enter(bool pivot)
    {
        if (_spec.Root?.Readonly == true)
            MountAttributes.SetFlags(Root.Handle, "/", MountFlags.ReadOnly, MountFlags.None);
        Processes.ChangeFolder(Root.Handle);
        if (pivot)
            RootSwitch.PivotHere();
        else
            RootSwitch.MoveHere(Root.Path);
        // Private it is already; of the others the root has lost what it had on the host's side.
        if (_spec.Linux?.RootfsPropagation is { Length: > 0 } word && MountOptions.PropagationOf(word) is { } propagation && !propagation.HasFlag(MountFlags.Private))
            Mounts.Mount(null, "/", null, propagation);
    }

    private void MountOne(OciMount mount, SafeFileHandle? source)
    {
        var options = MountOptions.Parse(mount.Options);
        if (options.IsBind)
            BindMount.Make(Root, mount with { Source = MountSources.PathOf(mount, _bundle) }, options, source);
        else if (mount.Type is "proc" or "sysfs")
            KernelFileSystemMount.Make(Root, mount, options);
        else if (mount.Type is "cgroup" or "cgroup2")
            _cgroups.Make(Root, mount, options);
        else if (FileSystemMount.Make(Root, mount, options, _spec.Linux?.MountLabel))
            _late.Add((mount, options));
    }

    /// <summary>Callers of old name places in the container as the host sees them.</summary>
    private OciMount WithoutRoot(OciMount mount) =>
        mount.Destination.StartsWith(Root.Path, StringComparison.Ordinal) && mount.Destination.AsSpan(Root.Path.Length) is [] or ['/', ..] && Root.Path != "/"
            ? mount with { Destination = $"/{mount.Destination[Root.Path.Length..].TrimStart('/')}" }
            : mount;

    /// <summary>pivot_root and the bind of the rootfs need a parent mount that is neither shared nor unbindable.</summary>
    private static void MakeParentPrivate(string path)
    {
        for (var folder = path; ; folder = Path.GetDirectoryName(folder)!)
        {
            try
            {
                Mounts.Mount(null, folder, null, MountFlags.Private);
                return;
            }
            catch (LinuxException noMount) when (noMount.Number == Errno.EINVAL && folder != "/")
            {
                // Not a mount point: the one above it is looked at next.
            }
        }
    }
}
