using System.Collections.Concurrent;
using System.Diagnostics;

namespace Naru.Chain.Tests;

/// <summary>
/// A narud of its own: data and exec folders under /tmp, a network namespace that holds its bridge and its published
/// ports. One engine serves a class of tests; what it leaves behind is counted when it is disposed.
/// </summary>
public sealed class Engine : IDisposable
{
    public const string Image = "busybox:naru";

    private readonly TempFolder _folder = new();
    private readonly string[] _more;
    private readonly ConcurrentDictionary<string, bool> _ids = new();
    private Process? _process;
    private readonly FileSystemWatcher? _watcher;

    public Engine()
        : this([])
    {
    }

    /// <param name="more">narud's flags besides its own folders, as <c>--containerd ADDRESS</c>.</param>
    internal Engine(params string[] more)
    {
        _more = more;
        Namespace = $"nct{Guid.NewGuid():N}"[..12];
        if (!File.Exists(Programs.Narud) || Environment.UserName != "root")
        {
            return; // every test says so itself, by the client that it misses
        }
        Command.Must("ip", "netns", "add", Namespace);
        Command.Must("ip", "-n", Namespace, "link", "set", "lo", "up");
        Start();
        _watcher = new(Path.Combine(Data, "containers")) { EnableRaisingEvents = true };
        _watcher.Created += (_, made) => _ids[made.Name!] = true;
        Command.Must(Path.Combine(Programs.Root, "eng/image"), Image, Archive);
        var loaded = Naru("load", "-i", Archive);
        Assert.True(loaded.Code == 0, $"naru load: {loaded}");
    }

    /// <summary>The network namespace's name.</summary>
    public string Namespace { get; }

    public string Host => $"unix://{_folder["naru.sock"]}";

    /// <summary>An image archive that `load` takes.</summary>
    public string Archive => _folder["busybox.tar"];

    public string Data => _folder["data"];

    public string ExecRoot => _folder["exec"];

    public TempFolder Folder => _folder;

    public string Log => File.Exists(_folder["narud.log"]) ? File.ReadAllText(_folder["narud.log"]) : "";

    /// <summary>The one process of that program that serves this engine; 0 when there is none.</summary>
    public int Pid(string program) =>
        _folder.Processes().Where(line => line.Split(' ')[1].EndsWith("/" + program, StringComparison.Ordinal))
            .Select(line => int.Parse(line.Split(' ')[0])).FirstOrDefault();

    /// <summary>Runs naru against this engine.</summary>
    public Result Naru(params string[] arguments) => Cli(Programs.Naru, null, arguments);

    /// <summary>Runs naru, gives its stdout without the last newline; the test fails when it fails.</summary>
    public string Must(params string[] arguments)
    {
        var result = Naru(arguments);
        Assert.True(result.Code == 0, $"naru {string.Join(' ', arguments)}: {result}");
        return result.Out.TrimEnd('\n');
    }

    /// <summary>Runs a client (naru, docker) with this engine as its DOCKER_HOST.</summary>
    public Result Cli(string client, string? stdin, params string[] arguments) =>
        Command.Run(client, arguments, stdin, ClientEnvironment);

    public Dictionary<string, string?> ClientEnvironment => new()
    {
        ["DOCKER_HOST"] = Host,
        ["DOCKER_CONFIG"] = _folder["config"],
        ["DOCKER_CONTEXT"] = null,
        ["LC_ALL"] = "C",
    };

    /// <summary>Starts narud, and waits until it answers.</summary>
    public void Start()
    {
        var flags = $"-H {Host} --data-root {Data} --exec-root {ExecRoot} --pidfile {_folder["narud.pid"]} {string.Join(' ', _more)}";
        // bind mounts, not `ip netns exec`, which would give the daemon a mount namespace and /sys of its own
        _process = Process.Start("nsenter", ["--net=/run/netns/" + Namespace, "sh", "-c", $"exec {Programs.Narud} {flags} >>{_folder["narud.log"]} 2>&1 </dev/null"]);
        Command.Until(Answers, $"narud to answer; its log: {Log}");
    }

    /// <summary>Whether the API answers within a second.</summary>
    public bool Answers() => Command.Run("curl", ["-sf", "--max-time", "1", "--unix-socket", _folder["naru.sock"], "http://naru/_ping"]).Code == 0;

    /// <summary>Ends narud as a crash does, without a chance to tidy up.</summary>
    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
    }

    /// <summary>Fetches from inside the engine's network namespace, where its ports are published.</summary>
    public Result Curl(string url) => Command.Run("nsenter", ["--net=/run/netns/" + Namespace, "curl", "-sS", "--max-time", "5", url]);

    /// <summary>Every container id that this engine ever had.</summary>
    public IReadOnlyCollection<string> Ids => (IReadOnlyCollection<string>)_ids.Keys;

    /// <summary>Open descriptors of a daemon, its threads, and its children that nobody waited for.</summary>
    public (int Descriptors, int Threads, int Zombies) Held(string program)
    {
        var pid = Pid(program);
        var zombies = Directory.EnumerateDirectories("/proc").Count(folder => int.TryParse(Path.GetFileName(folder), out _) && IsZombieOf(folder, pid));
        return (Directory.GetFileSystemEntries($"/proc/{pid}/fd").Length, Directory.GetDirectories($"/proc/{pid}/task").Length, zombies);
    }

    /// <summary><see cref="Leftovers"/> once two looks half a second apart agree: what a container made with --rm leaves goes after it has ended.</summary>
    public Dictionary<string, int> Settled()
    {
        Dictionary<string, int> first = [], second = Leftovers();
        Command.Holds(() =>
        {
            first = second;
            Thread.Sleep(500);
            return (second = Leftovers()).SequenceEqual(first);
        });
        return second;
    }

    /// <summary>What containers leave when they leak: mounts, links, cgroups, namespaces, shims, folders.</summary>
    public Dictionary<string, int> Leftovers() => new()
    {
        ["mounts"] = _folder.Mounts().Length,
        ["links"] = Command.Must("ip", "-n", Namespace, "-o", "link").Split('\n').Length,
        ["cgroups"] = Cgroups(),
        ["shims"] = _folder.Processes().Count(line => line.Contains("shim", StringComparison.Ordinal)),
        ["namespaces"] = Entries(Path.Combine(ExecRoot, "netns")),
        ["containers"] = Entries(Path.Combine(Data, "containers")),
        ["bundles"] = Entries(Path.Combine(ExecRoot, "containerd/io.containerd.runtime.v2.task/moby")),
        ["shm"] = Entries(Path.Combine(ExecRoot, "shm")),
        ["snapshots"] = Entries(Path.Combine(Data, "containerd/snapshots")),
        ["volumes"] = Entries(Path.Combine(Data, "volumes")),
        ["fifos"] = Entries(Path.Combine(ExecRoot, "fifo")),
        ["rules"] = Command.Run("nsenter", ["--net=/run/netns/" + Namespace, "nft", "list", "ruleset"]).Out.Split('\n').Length,
    };

    /// <summary>Counts of blobs, half-fetched blobs and snapshots.</summary>
    public int[] Kept() =>
        [.. new[] { "containerd/content/blobs/sha256", "containerd/content/ingest", "containerd/snapshots" }.Select(folder => Entries(Path.Combine(Data, folder)))];

    public void Dispose()
    {
        if (_process is null)
        {
            return;
        }
        var left = new List<string>();
        var all = Naru("ps", "-aq");
        foreach (var removed in all.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(id => Naru("rm", "-f", "-v", id)).Prepend(all))
        {
            if (removed.Code != 0)
                left.Add(removed.ToString());
        }
        var names = new[] { "mounts", "cgroups", "shims", "namespaces", "containers", "bundles", "shm", "fifos" };
        if (!Command.Holds(() => names.All(name => Leftovers()[name] == 0)))
            left.AddRange(Leftovers().Where(count => names.Contains(count.Key) && count.Value > 0).Select(count => $"{count.Value} {count.Key}"));
        End("narud");
        if (!_process.WaitForExit(10_000))
            left.Add("narud, which did not end");
        End("naru-containerd");
        if (!Command.Holds(() => _folder.Processes().Length == 0))
            left.AddRange(_folder.Processes());
        Command.Run("ip", ["netns", "delete", Namespace]);
        if (left.Count > 0)
            left.Add(string.Join('\n', Log.Split('\n').TakeLast(8)));
        _watcher?.Dispose();
        _process.Dispose();
        _folder.Dispose();
        Assert.True(left.Count == 0, $"left behind by the engine: {string.Join(", ", left)}");
    }

    // Over another's containerd there is none of ours, and kill(1) takes 0 for the whole process group: this test run.
    private void End(string program)
    {
        if (Pid(program) is > 0 and var pid)
            Command.Run("/bin/kill", [pid.ToString()]);
    }

    private static int Entries(string folder) => Directory.Exists(folder) ? Directory.GetFileSystemEntries(folder).Length : 0;

    /// <summary>This engine's containers' groups, under any controller's /naru.</summary>
    private int Cgroups() =>
        File.ReadLines("/proc/self/mountinfo").Select(line => line.Split(' ')).Where(part => part.Contains("cgroup") || part.Contains("cgroup2"))
            .Sum(part => _ids.Keys.Count(id => Directory.Exists(Path.Combine(part[4], "naru", id))));

    private static bool IsZombieOf(string folder, int parent)
    {
        try
        {
            var stat = File.ReadAllText(folder + "/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ') is ["Z", var owner, ..] && owner == parent.ToString();
        }
        catch (IOException)
        {
            return false;
        }
    }
}
