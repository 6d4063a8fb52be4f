namespace Naru.Engine;

/// <summary>Every path the engine writes.</summary>
/// <remarks>
/// <code>
/// DATA/engine-id
/// DATA/containers/ID/container.json  ID-json.log[.N]  hostname hosts resolv.conf
/// DATA/containers/ID/local-logs/container.log[.N[.gz]]
/// DATA/volumes/NAME/volume.json  _data/
/// DATA/builds/cache.jsonl            results that are kept
/// DATA/builds/caches/KEY/            cache mounts of RUN
/// DATA/builds/contexts/KEY-N/        what a client sent: tree/, and index of what it holds
/// DATA/containerd/                   naru-containerd's root
/// EXEC/containerd/containerd.sock    naru-containerd's state
/// EXEC/fifo/ID/NAME-stdin|stdout|stderr
/// EXEC/fifo/naru-loading@…/archive
/// EXEC/netns/ID
/// EXEC/shm/ID                        an IPC-shareable container's /dev/shm
/// EXEC/builds/ID/                    a step that runs: bundle, mounts
/// EXEC/mounts/ID                     a root mounted for a moment
/// </code>
/// </remarks>
public sealed class EnginePaths(EngineOptions options)
{
    public string DataRoot { get; } = options.DataRoot;

    public string ExecRoot { get; } = options.ExecRoot;

    public string Containers => Path.Combine(DataRoot, "containers");

    public string Volumes => Path.Combine(DataRoot, "volumes");

    public string Temporary => Path.Combine(DataRoot, "tmp");

    public string ContainerdRoot => Path.Combine(DataRoot, "containerd");

    public string ContainerdState => Path.Combine(ExecRoot, "containerd");

    public string ContainerdSocket => options.Containerd ?? Path.Combine(ContainerdState, "containerd.sock");

    public string Builds => Path.Combine(DataRoot, "builds");

    /// <summary>Of the build steps that run.</summary>
    public string BuildState => Path.Combine(ExecRoot, "builds");

    public string Container(string id) => Path.Combine(Containers, id);

    public string Record(string id) => Path.Combine(Containers, id, "container.json");

    public string LogFile(string id) => Path.Combine(Containers, id, id + "-json.log");

    public string LocalLogFile(string id) => Path.Combine(Containers, id, "local-logs", "container.log");

    public string Fifos(string id) => Path.Combine(ExecRoot, "fifo", id);

    public string NetNs(string id) => Path.Combine(ExecRoot, "netns", id);

    public string Shm(string id) => Path.Combine(ExecRoot, "shm", id);

    public string Mount(string id) => Path.Combine(ExecRoot, "mounts", id);

    public void Make()
    {
        var ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        // 0710: a program of a group may pass to what is shared below, nobody may list (CVE-2021-41091).
        Directory.CreateDirectory(DataRoot, ownerOnly | UnixFileMode.GroupExecute);
        foreach (var folder in (string[])[Containers, Volumes, Temporary, Builds])
            Directory.CreateDirectory(folder, ownerOnly | UnixFileMode.GroupExecute);
        Directory.CreateDirectory(ExecRoot, ownerOnly | UnixFileMode.GroupExecute);
        foreach (var folder in (string[])["fifo", "netns", "shm", "mounts", "builds"])
            Directory.CreateDirectory(Path.Combine(ExecRoot, folder), ownerOnly);
    }
}
