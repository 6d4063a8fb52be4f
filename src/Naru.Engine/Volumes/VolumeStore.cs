using System.Text.Json;
using System.Text.RegularExpressions;
using Naru.Api;
using Naru.Base;
using Naru.Base.Units;
using Naru.Engine.Containers;
using Naru.Engine.Events;

namespace Naru.Engine.Volumes;

/// <summary>Local volumes: DATA/volumes/NAME/_data, with what is known of them in volume.json beside it.</summary>
public sealed partial class VolumeStore(EnginePaths paths, ContainerStore containers, EventBus events)
{
    public const string AnonymousLabel = "com.docker.volume.anonymous";

    private readonly Lock gate = new();

    public string DataFolder(string name) => Path.Combine(paths.Volumes, name, "_data");

    public bool Exists(string name) => ValidName().IsMatch(name) && File.Exists(RecordPath(name));

    /// <summary>Makes a volume, or gives the one that has that name.</summary>
    public (Volume Volume, bool Made) Create(VolumeCreateRequest request)
    {
        var driver = string.IsNullOrEmpty(request.Driver) ? "local" : request.Driver;
        var anonymous = string.IsNullOrEmpty(request.Name);
        var name = anonymous ? ContainerStore.NewId() : request.Name!;
        if (driver != "local")
            throw NaruException.NotFound($"create {name}: error looking up volume plugin {driver}: plugin \"{driver}\" not found");
        VolumeMounts.Check(name, request.DriverOpts);
        if (name.Length == 1)
            throw NaruException.Invalid($"create {name}: volume name is too short, names should be at least two alphanumeric characters");
        if (!ValidName().IsMatch(name))
            throw NaruException.Invalid($"create {name}: \"{name}\" includes invalid characters for a local volume name, only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a host directory, use absolute path");
        lock (gate)
        {
            if (Exists(name))
                return (Get(name), false);
            var labels = new SortedDictionary<string, string>(request.Labels ?? [], StringComparer.Ordinal);
            if (anonymous)
                labels[AnonymousLabel] = "";
            var volume = new Volume
            {
                CreatedAt = DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture),
                Driver = driver,
                Labels = labels.Count > 0 || request.Labels is not null ? labels : null,
                Mountpoint = DataFolder(name),
                Name = name,
                Options = request.DriverOpts is { Count: > 0 } ? request.DriverOpts : null,
                Scope = "local",
            };
            Directory.CreateDirectory(DataFolder(name), (UnixFileMode)0x1ED);
            AtomicFile.Write(RecordPath(name), JsonSerializer.SerializeToUtf8Bytes(volume, ApiJson.Default.Volume));
            events.Publish("volume", "create", name, [new("driver", driver)]);
            return (volume, true);
        }
    }

    /// <summary>Makes the volumes of a container ready to be used: those that stand for a file system are mounted.</summary>
    public void Attach(ContainerRecord record)
    {
        lock (gate)
        {
            foreach (var name in record.Mounts.Select(mount => mount.Name).OfType<string>().Where(Exists))
                VolumeMounts.Mount(Get(name));
        }
    }

    /// <summary>Unmounts what no other container that runs uses.</summary>
    public void Detach(ContainerRecord record)
    {
        lock (gate)
        {
            foreach (var name in record.Mounts.Select(mount => mount.Name).OfType<string>().Where(Exists))
            {
                if (Get(name).Options is { Count: > 0 }
                    && !containers.All.Any(other => other.Id != record.Id && other.State is ContainerState.Running && other.Record.Mounts.Any(mount => mount.Name == name)))
                    VolumeMounts.Unmount(DataFolder(name));
            }
        }
    }

    /// <exception cref="NaruException">NotFound.</exception>
    public Volume Get(string name)
    {
        if (!Exists(name))
            throw NaruException.NotFound($"get {name}: no such volume");
        return JsonSerializer.Deserialize(File.ReadAllBytes(RecordPath(name)), ApiJson.Default.Volume)!;
    }

    public IReadOnlyList<Volume> List(Filters filters)
    {
        var used = Used();
        return [.. Directory.EnumerateDirectories(paths.Volumes).Select(folder => Path.GetFileName(folder)!).Where(Exists).Select(Get)
            .Where(volume => filters.Any("name", wanted => volume.Name.Contains(wanted, StringComparison.Ordinal))
                && filters.Exact("driver", volume.Driver) && filters.Labels("label", volume.Labels)
                && (!filters.Has("dangling") || filters.Flag("dangling", false) == !used.ContainsKey(volume.Name)))
            .OrderBy(volume => volume.Name, StringComparer.Ordinal)];
    }

    public void Remove(string name, bool force)
    {
        if (!Exists(name))
        {
            if (force)
                return;
            throw NaruException.NotFound($"get {name}: no such volume");
        }

        lock (gate)
        {
            if (Used().TryGetValue(name, out var users))
                throw NaruException.Conflict($"remove {name}: volume is in use - [{string.Join(", ", users)}]");
            File.Delete(RecordPath(name));
            VolumeMounts.Unmount(DataFolder(name));
            Directory.Delete(Path.Combine(paths.Volumes, name), recursive: true);
        }

        events.Publish("volume", "destroy", name, [new("driver", "local")]);
    }

    /// <summary>Removes what no container uses: anonymous ones, or all of them.</summary>
    public VolumesPruneReport Prune(Filters filters)
    {
        var all = filters.Flag("all", false);
        List<string> gone = [];
        long freed = 0;
        foreach (var volume in List(Filters.None))
        {
            if (Used().ContainsKey(volume.Name) || (!all && !(volume.Labels?.ContainsKey(AnonymousLabel) ?? false)) || !filters.Labels("label", volume.Labels) || !filters.NoLabels("label!", volume.Labels))
                continue;
            freed += Directory.EnumerateFiles(volume.Mountpoint, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }).Sum(file => new FileInfo(file).Length);
            Remove(volume.Name, force: false);
            gone.Add(volume.Name);
        }

        return new VolumesPruneReport { VolumesDeleted = gone, SpaceReclaimed = freed };
    }

    private Dictionary<string, List<string>> Used()
    {
        Dictionary<string, List<string>> used = [];
        foreach (var container in containers.All)
        {
            foreach (var mount in container.Record.Mounts)
            {
                if (mount.Name is not { } name)
                    continue;
                if (!used.TryGetValue(name, out var ids))
                    used[name] = ids = [];
                ids.Add(container.Id);
            }
        }

        return used;
    }

    private string RecordPath(string name) => Path.Combine(paths.Volumes, name, "volume.json");

    [GeneratedRegex("^[a-zA-Z0-9][a-zA-Z0-9_.-]+$", RegexOptions.CultureInvariant)]
    private static partial Regex ValidName();
}
