using System.Globalization;
using Naru.Api;
using Naru.Base;
using Naru.Engine.Containers;

namespace Naru.Engine.Volumes;

/// <summary>Turns what a create asks for (Binds, Mounts, Tmpfs, the image's VOLUMEs, VolumesFrom) into the container's mounts.</summary>
public sealed class MountResolver(VolumeStore volumes, ContainerStore containers)
{
    private static readonly string[] Propagations = ["private", "rprivate", "shared", "rshared", "slave", "rslave"];

    /// <summary>Later kinds do not replace earlier ones: binds and mounts, then tmpfs, then others' volumes, then the image's.</summary>
    public IReadOnlyList<ContainerMount> Resolve(ContainerConfig config, HostConfig host)
    {
        var result = new Dictionary<string, ContainerMount>(StringComparer.Ordinal);
        foreach (var from in host.VolumesFrom ?? [])
        {
            var parts = from.Split(':', 2);
            if (parts.Length > 1 && parts[1].Split(',').FirstOrDefault(word => word is not ("ro" or "rw" or "z" or "Z" or "nocopy")) is not null)
                throw NaruException.Invalid($"invalid mode: {parts[1]}");
            var other = containers.Find(parts[0]) ?? throw NaruException.Invalid($"No such container: {parts[0]}");
            foreach (var mount in other.Record.Mounts)
                result[mount.Destination] = parts.Length > 1 && parts[1].Split(',').Contains("ro") ? mount with { ReadWrite = false } : mount;
        }

        var asked = new HashSet<string>(StringComparer.Ordinal);
        void Add(ContainerMount mount)
        {
            if (!asked.Add(mount.Destination))
                throw NaruException.Invalid($"Duplicate mount point: {mount.Destination}");
            result[mount.Destination] = mount;
        }

        foreach (var bind in host.Binds ?? [])
            Add(Bind(bind, host.VolumeDriver));
        foreach (var mount in host.Mounts ?? [])
            Add(Mount(mount));
        foreach (var (destination, options) in host.Tmpfs ?? [])
            Add(Tmpfs(destination.StartsWith('/') ? Destination(destination, destination) : throw NaruException.Invalid($"invalid mount path: '{destination}' mount path must be absolute"), options));
        foreach (var destination in (config.Volumes ?? []).Keys)
        {
            var clean = Destination(destination, destination);
            if (!result.ContainsKey(clean))
                result[clean] = Volume(null, clean, null, readWrite: true, mode: "", noCopy: false);
        }

        return [.. result.Values];
    }

    private ContainerMount Bind(string text, string? driver)
    {
        var parts = text.Split(':');
        if (parts.Length is < 2 or > 3 || parts[0].Length == 0)
        {
            if (parts.Length == 1 && text.StartsWith('/'))
                return Volume(null, Destination(text, text), null, readWrite: true, mode: "", noCopy: false);
            throw NaruException.Invalid($"invalid volume specification: '{text}'");
        }

        var mode = parts.Length == 3 ? parts[2] : "";
        var options = mode.Split(',', StringSplitOptions.RemoveEmptyEntries);
        foreach (var option in options)
        {
            if (!Propagations.Contains(option) && option is not ("ro" or "rw" or "z" or "Z" or "nocopy" or "consistent" or "cached" or "delegated"))
                throw NaruException.Invalid($"invalid mode: {mode}");
        }

        var destination = Destination(parts[1], text, parts[0].StartsWith('/') ? "bind" : "volume");
        var readWrite = !options.Contains("ro");
        if (!parts[0].StartsWith('/'))
            return Volume(parts[0], destination, null, readWrite, mode.Length > 0 ? mode : "z", options.Contains("nocopy"), driver);
        if (!Path.Exists(parts[0]))
            Directory.CreateDirectory(parts[0], (UnixFileMode)0x1ED);
        return new ContainerMount
        {
            Type = "bind",
            Source = Clean(parts[0]),
            Destination = destination,
            ReadWrite = readWrite,
            Mode = mode,
            Propagation = options.FirstOrDefault(Propagations.Contains) ?? "rprivate",
        };
    }

    private ContainerMount Mount(Mount mount)
    {
        var type = mount.Type ?? "";
        if (string.IsNullOrEmpty(mount.Target))
            throw NaruException.Invalid($"invalid mount config for type \"{type}\": field Target must not be empty");
        if (!mount.Target.StartsWith('/'))
            throw NaruException.Invalid($"invalid mount config for type \"{type}\": invalid mount path: '{mount.Target}' mount path must be absolute");
        var destination = Destination(mount.Target, mount.Target);
        switch (type)
        {
            case "bind":
                var source = mount.Source ?? "";
                if (source.Length == 0)
                    throw NaruException.Invalid("invalid mount config for type \"bind\": field Source must not be empty");
                if (!source.StartsWith('/'))
                    throw NaruException.Invalid($"invalid mount config for type \"bind\": invalid mount path: '{source}' mount path must be absolute");
                if (!Path.Exists(source))
                {
                    if (mount.BindOptions is not { CreateMountpoint: true })
                        throw NaruException.Invalid($"invalid mount config for type \"bind\": bind source path does not exist: {source}");
                    Directory.CreateDirectory(source, (UnixFileMode)0x1ED);
                }

                if (mount.BindOptions is { ReadOnlyForceRecursive: true } && !Specs.MountList.CanReadOnlyRecursively)
                    throw NaruException.Invalid("rro is not supported: kernel is too old");
                var propagation = mount.BindOptions?.Propagation;
                if (!string.IsNullOrEmpty(propagation) && !Propagations.Contains(propagation))
                    throw NaruException.Invalid($"invalid mount config for type \"bind\": invalid propagation mode: {propagation}");
                return new ContainerMount
                {
                    Type = "bind",
                    Source = Clean(source),
                    Destination = destination,
                    ReadWrite = !mount.ReadOnly,
                    Propagation = string.IsNullOrEmpty(propagation) ? "rprivate" : propagation,
                    NonRecursive = mount.BindOptions?.NonRecursive ?? false,
                    ReadOnlyNonRecursive = mount.BindOptions?.ReadOnlyNonRecursive ?? false,
                };
            case "volume":
                if (!string.IsNullOrEmpty(mount.VolumeOptions?.Subpath))
                    throw NaruException.Invalid("invalid mount config for type \"volume\": a subpath is not supported");
                return Volume(mount.Source, destination, mount.VolumeOptions, !mount.ReadOnly, mode: "z", mount.VolumeOptions?.NoCopy ?? false);
            case "tmpfs":
                if (!string.IsNullOrEmpty(mount.Source))
                    throw NaruException.Invalid("invalid mount config for type \"tmpfs\": field Source must not be specified");
                List<string> options = [];
                if (mount.ReadOnly)
                    options.Add("ro");
                if (mount.TmpfsOptions is { SizeBytes: > 0 } sized)
                    options.Add("size=" + sized.SizeBytes.ToString(CultureInfo.InvariantCulture));
                foreach (var option in mount.TmpfsOptions?.Options ?? [])
                    options.Add(string.Join('=', option));
                if (mount.TmpfsOptions is { Mode: > 0 } moded)
                    options.Add("mode=" + Convert.ToString(moded.Mode, 8));
                return Tmpfs(destination, string.Join(',', options)) with { Listed = true };
            default:
                throw NaruException.Invalid($"invalid mount config for type \"{type}\": mount type unknown");
        }
    }

    private ContainerMount Volume(string? name, string destination, MountVolumeOptions? options, bool readWrite, string mode, bool noCopy, string? driver = null)
    {
        // What is not there is the request's mistake here: a client takes 404 for a missing image.
        var (volume, _) = Made(new VolumeCreateRequest { Name = name, Driver = options?.DriverConfig?.Name ?? driver, DriverOpts = options?.DriverConfig?.Options, Labels = options?.Labels });
        return new ContainerMount
        {
            Type = "volume",
            Name = volume.Name,
            Source = volume.Mountpoint,
            Destination = destination,
            ReadWrite = readWrite,
            Mode = mode,
            Anonymous = string.IsNullOrEmpty(name),
            NoCopy = noCopy,
        };
    }

    private (Volume Volume, bool New) Made(VolumeCreateRequest request)
    {
        try
        {
            return volumes.Create(request);
        }
        catch (NaruException e) when (e.Kind == ErrorKind.NotFound)
        {
            throw NaruException.Invalid(e.Message);
        }
    }

    private static ContainerMount Tmpfs(string destination, string options)
    {
        List<string> all = ["noexec", "nosuid", "nodev"];
        foreach (var option in options.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var name = option.Split('=')[0];
            if (name is "exec" or "suid" or "dev")
                all.Remove("no" + name);
            else if (name is "ro" or "rw" or "noexec" or "nosuid" or "nodev" or "size" or "mode" or "uid" or "gid" or "nr_inodes" or "nr_blocks" or "noatime" or "relatime" or "strictatime" or "sync" or "async")
                all.Add(option);
            else
                throw NaruException.Invalid($"invalid tmpfs option \"{option}\"");
        }

        return new ContainerMount { Type = "tmpfs", Destination = destination, Options = [.. all.Distinct()], ReadWrite = !all.Contains("ro") };
    }

    private static string Destination(string path, string whole, string type = "volume")
    {
        if (!path.StartsWith('/'))
            throw NaruException.Invalid($"invalid volume specification: '{whole}': invalid mount config for type \"{type}\": invalid mount path: '{path}' mount path must be absolute");
        var clean = Clean(path);
        return clean == "/" ? throw NaruException.Invalid($"invalid volume specification: '{whole}': invalid mount config for type \"{type}\": invalid specification: destination can't be '/'") : clean;
    }

    private static string Clean(string path)
    {
        var full = Path.GetFullPath(path);
        return full.Length > 1 ? full.TrimEnd('/') : full;
    }
}
