using Naru.Base;
using Naru.Linux;
using Naru.Runtime.SpecValidation;

namespace Naru.Runtime.State;

/// <summary>The runtime's folder on disk (--root) and the paths in it.</summary>
/// <remarks>
/// <code>
/// ROOT/                  0700
///   ID/                  0700, one a container; made first, removed last
///     creating.json      ContainerState of a create that is under way, or was cut off: what there is to be cleaned up
///     state.json         the same, under this name once the container is created
///     spec.json          config.json as it was at the create: what an exec goes by
///     resources.json     what came out of the last update; not there before the first
///     criu-root/         the root file system while criu restores, for criu alone; an empty folder to all others
///     exec.fifo          there from create to start: the first process waits on it
/// </code>
/// </remarks>
internal sealed class StateFolder(string root)
{
    public string Root { get; } = root;

    public string Of(string id) => Path.Combine(Root, id);

    public string StateFile(string id) => Path.Combine(Root, id, "state.json");

    /// <summary>The record of what a create has made so far.</summary>
    public string RecordFile(string id) => Path.Combine(Root, id, "creating.json");

    public string ConfigFile(string id) => Path.Combine(Root, id, "spec.json");

    private string ResourcesFile(string id) => Path.Combine(Root, id, "resources.json");

    public string CriuRoot(string id) => Path.Combine(Root, id, "criu-root");

    public string Fifo(string id) => Path.Combine(Root, id, "exec.fifo");

    /// <summary>Refuses ids that would name another folder.</summary>
    /// <exception cref="NaruException">InvalidArgument</exception>
    public static void CheckId(string id)
    {
        if (id.Length == 0)
            throw NaruException.Invalid("container id cannot be empty");
        if (id.Length > 1024 || id[0] == '.' || !id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '+' or '-' or '.'))
            throw NaruException.Invalid("invalid container ID format");
    }

    /// <summary>Makes a new container's folder.</summary>
    /// <exception cref="NaruException">AlreadyExists</exception>
    public void Create(string id)
    {
        CheckId(id);
        try
        {
            if (Files.MakeFolder(Of(id), 0x1C0))
                return;
        }
        catch (LinuxException missing) when (missing.Number == Errno.ENOENT)
        {
            Directory.CreateDirectory(Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            if (Files.MakeFolder(Of(id), 0x1C0))
                return;
        }

        throw NaruException.Exists("container with given ID already exists");
    }

    public void Remove(string id)
    {
        Files.Unlink(StateFile(id));
        Files.Unlink(RecordFile(id));
        Files.Unlink(ConfigFile(id));
        Files.Unlink(Fifo(id));
        // What a runtime that was killed half way may have left as well.
        if (Files.TryRemoveFolder(Of(id)) == Errno.ENOTEMPTY)
            Directory.Delete(Of(id), recursive: true);
    }

    /// <summary>Notes what a create is about to make, or has made: whoever deletes the container knows it, should this be cut off.</summary>
    public void Record(ContainerState state) =>
        Files.Replace(RecordFile(state.Id), StateJson.Write(state), 0x180);

    /// <summary>The container is created: what was recorded last is its state.</summary>
    public void Finish(string id) => Files.Rename(RecordFile(id), StateFile(id));

    /// <summary>Keeps the container's configuration: what the bundle says later does not change what an exec may do.</summary>
    public void SaveConfig(string id, ReadOnlySpan<byte> config)
    {
        using var handle = Files.Open(ConfigFile(id), OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, 0x180);
        Files.Write(handle, config);
    }

    /// <summary>Keeps what limits a container has since an update.</summary>
    public void SaveResources(string id, Oci.Runtime.Resources resources) => Files.Replace(ResourcesFile(id), ResourcesJson.Write(resources), 0x180);

    /// <summary>The limits of the last update, or of the create.</summary>
    public Oci.Runtime.Resources? LoadResources(ContainerState state)
    {
        using var handle = Files.TryOpen(ResourcesFile(state.Id), OpenFlags.ReadOnly);
        return handle is null ? SpecReader.Parse(LoadConfig(state)).Linux?.Resources : SpecReader.ParseResources(Files.ReadAll(handle));
    }

    /// <summary>The configuration kept at the create.</summary>
    /// <exception cref="NaruException">NotFound</exception>
    public byte[] LoadConfig(ContainerState state)
    {
        using var handle = Files.TryOpen(ConfigFile(state.Id), OpenFlags.ReadOnly)
            ?? throw NaruException.NotFound($"configuration of container {state.Id} is gone: {ConfigFile(state.Id)}");
        return Files.ReadAll(handle);
    }

    /// <exception cref="NaruException">NotFound</exception>
    public ContainerState Load(string id) => TryLoad(id) ?? throw NaruException.NotFound("container does not exist");

    public ContainerState? TryLoad(string id)
    {
        CheckId(id);
        return TryRead(StateFile(id));
    }

    /// <summary>What a create noted that is not finished; null where there is none.</summary>
    public ContainerState? TryLoadRecord(string id) => TryRead(RecordFile(id));

    public IReadOnlyList<string> Ids() => !Directory.Exists(Root) ? [] :
        Directory.GetDirectories(Root).Select(folder => Path.GetFileName(folder)).Where(name => name[0] != '.').Order(StringComparer.Ordinal).ToList();

    /// <summary>created, running, paused or stopped: asked of the kernel, never remembered.</summary>
    public string StatusOf(ContainerState state)
    {
        var process = Processes.TryInspect(state.Pid);
        if (process is not { } found || found.StartTime != state.StartTime || found.State is 'Z' or 'X')
            return "stopped";
        if (new Cgroup(state.Cgroups).IsFrozen)
            return "paused";
        return Files.TryStatus(Fifo(state.Id)) is null ? "running" : "created";
    }

    private static ContainerState? TryRead(string path)
    {
        using var handle = Files.TryOpen(path, OpenFlags.ReadOnly);
        return handle is null ? null : StateJson.Read(Files.ReadAll(handle));
    }
}
