using System.Globalization;
using System.Text;
using Naru.Base;
using Naru.Linux;
using Naru.Runtime.Cgroups;
using Naru.Runtime.Checkpoint;
using Naru.Runtime.Hooks;
using Naru.Runtime.Resctrl;
using Naru.Runtime.SpecValidation;
using Naru.Runtime.State;
using Naru.Runtime.Stats;

namespace Naru.Runtime.Lifecycle;

/// <summary>What the command line does, one method a command.</summary>
/// <param name="root">--root.</param>
/// <param name="warn">Takes warnings: what could not be done but does not stop the container.</param>
/// <param name="debug">Takes what is being done, step by step.</param>
public sealed class ContainerRuntime(string root, Action<string> warn, Action<string> debug)
{
    private readonly StateFolder _folder = new(root);

    public void Create(CreateOptions options)
    {
        debug($"creating container {options.Id} of the bundle {options.Bundle}");
        Launcher(options).Create();
        debug($"container {options.Id} is created");
    }

    /// <returns>The process's exit status.</returns>
    public int Run(CreateOptions options)
    {
        debug($"running container {options.Id} of the bundle {options.Bundle}");
        var status = Launcher(options).Run();
        debug(options.Detach ? $"container {options.Id} runs" : $"container {options.Id} ended with status {status}");
        return status;
    }

    /// <summary>Has CRIU write the container's processes to files; unless they are to go on, the container is deleted.</summary>
    public void Checkpoint(string id, CriuOptions options)
    {
        WarnRootless();
        new Checkpointer(_folder, options, warn, debug).Run(id);
    }

    /// <summary>Makes a container of the files of a checkpoint.</summary>
    /// <returns>The first process's exit status; 0 at once when detached.</returns>
    public int Restore(CreateOptions options, CriuOptions images)
    {
        WarnRootless();
        Check(options);
        return new Restorer(_folder, options, images, SpecReader.Load(options.Bundle), warn, debug).Run();
    }

    /// <returns>The process's exit status.</returns>
    public int Execute(ExecOptions options)
    {
        debug($"executing a process in container {options.Id}");
        var status = new ExecLauncher(_folder, options, warn).Run();
        debug(options.Detach ? "the process runs" : $"the process ended with status {status}");
        return status;
    }

    /// <summary>Lets a created container's first process go on.</summary>
    public void Start(string id)
    {
        var state = _folder.Load(id);
        switch (Look(state))
        {
            case "created":
                break;
            case "stopped":
                throw NaruException.Precondition("cannot start a container that has stopped");
            case "paused":
                throw NaruException.Precondition("cannot start a container in the paused state");
            default:
                throw NaruException.Precondition("cannot start an already running container");
        }

        using (var fifo = Files.Open(_folder.Fifo(id), OpenFlags.WriteOnly | OpenFlags.NonBlocking))
            Files.Write(fifo, [1]);
        File.Delete(_folder.Fifo(id));
        HookRunner.Run("poststart", state.Poststart, state.Describe("running", state.Pid));
    }

    /// <summary>As <c>state</c> has it: without the owner, whom only <c>list</c> looks up.</summary>
    public StateListEntry State(string id) => Describe(_folder.Load(id));

    public IReadOnlyList<StateListEntry> List() =>
        _folder.Ids().Select(id => _folder.TryLoad(id)).Where(state => state is not null).Select(state => Describe(state!) with { Owner = OwnerOf(state!) }).ToList();

    /// <summary>The text that <c>state</c> prints: indented as runc's.</summary>
    public static string StateText(StateListEntry entry) => Encoding.UTF8.GetString(StateJson.Write(entry));

    public static string ListText(IReadOnlyList<StateListEntry> entries) => entries.Count == 0 ? "null" : Encoding.UTF8.GetString(StateJson.Write(entries));

    public static string PidsText(IReadOnlyList<int> pids) => pids.Count == 0 ? "null" : Encoding.UTF8.GetString(StateJson.Write(pids));

    /// <summary>ps(1)'s lines of these processes.</summary>
    public static string ProcessTableText(IReadOnlyList<int> pids, IReadOnlyList<string> arguments) => ProcessTable.Of(pids, arguments);

    /// <summary>One line of JSON: the container's cgroup in numbers.</summary>
    /// <exception cref="NaruException">FailedPrecondition: it does not run.</exception>
    public string Stats(string id) => CgroupStats.Describe(id, new Cgroup(Running(id).Cgroups));

    /// <summary>Lines of JSON until the container ends: its numbers at each <paramref name="interval"/>, and that it ran out of memory whenever it does.</summary>
    /// <exception cref="NaruException">FailedPrecondition: it does not run.</exception>
    public void Watch(string id, TimeSpan interval, Action<string> write) => new EventStream(Running(id), write).Run(interval);

    /// <param name="all">Every process of the container, not the first alone.</param>
    public void Kill(string id, int signal, bool all)
    {
        var state = _folder.Load(id);
        var cgroup = new Cgroup(state.Cgroups);
        var status = Look(state);
        if (all || (status == "stopped" && state.SharedPid && signal == 9))
        {
            cgroup.Signal(signal);
            return;
        }

        if (status == "stopped" || !SignalInit(state, signal))
            throw NaruException.Precondition("container not running");
        // A frozen process takes its death only once it is thawed.
        if (signal == 9 && status == "paused")
            cgroup.Freeze(false);
        if (signal == 9 && state.SharedPid)
            cgroup.Signal(signal);
    }

    public void Delete(string id, bool force) => new ContainerRemover(_folder).Delete(id, force);

    public void Pause(string id)
    {
        var state = _folder.Load(id);
        if (Look(state) is not ("running" or "created"))
            throw NaruException.Precondition("container not running");
        new Cgroup(state.Cgroups).Freeze(true);
    }

    public void Resume(string id)
    {
        var state = _folder.Load(id);
        if (Look(state) != "paused")
            throw NaruException.Precondition("container not paused");
        new Cgroup(state.Cgroups).Freeze(false);
    }

    public IReadOnlyList<int> Pids(string id) => new Cgroup(_folder.Load(id).Cgroups).Processes();

    /// <summary>The document that <c>update --resources</c> takes.</summary>
    public static Oci.Runtime.Resources ParseResources(ReadOnlySpan<byte> json) => SpecReader.ParseResources(json);

    /// <summary>Changes limits; what is not named stays as it is, and the next update goes on from there.</summary>
    public void Update(string id, Oci.Runtime.Resources resources)
    {
        var state = _folder.Load(id);
        if (Look(state) == "stopped")
            throw NaruException.Precondition("container not running");
        var update = ResourceUpdate.Of(_folder.LoadResources(state), resources);
        var manager = CgroupManagers.Of(state);
        try
        {
            manager.Update(update.Written);
        }
        catch (Exception failure) when (failure is NaruException or LinuxException)
        {
            Restore(manager, update.Former);
            throw failure as NaruException ?? new NaruException(ErrorKind.Internal, failure.Message, failure);
        }

        _folder.SaveResources(id, update.Result);
    }

    /// <summary>What was written before the kernel refused is taken back.</summary>
    private void Restore(CgroupManager manager, Oci.Runtime.Resources former)
    {
        try
        {
            manager.Update(former);
        }
        catch (Exception failure) when (failure is NaruException or LinuxException)
        {
            warn($"Setting back cgroup configs failed due to error: {failure.Message}, your state.json and actual configs might be inconsistent.");
        }
    }

    private ContainerState Running(string id)
    {
        var state = _folder.Load(id);
        return _folder.StatusOf(state) != "stopped" ? state : throw NaruException.Precondition($"container with id {id} is not running");
    }

    /// <summary>Changes the container's shares of cache and memory bandwidth; one that has no class of service gets one.</summary>
    /// <param name="cache">intelRdt.l3CacheSchema; null leaves it.</param>
    /// <param name="bandwidth">intelRdt.memBwSchema; null leaves it.</param>
    public void UpdateClass(string id, string? cache, string? bandwidth)
    {
        var state = _folder.Load(id);
        if (Look(state) == "stopped")
            throw NaruException.Precondition("container not running");
        var mount = ResctrlMount.Find();
        if (cache is not null && mount?.HasCache != true)
            throw NaruException.Precondition("Intel RDT/CAT: l3 cache schema is not enabled");
        if (bandwidth is not null && mount?.HasBandwidth != true)
            throw NaruException.Precondition("Intel RDT/MBA: memory bandwidth schema is not enabled");
        var wanted = new Oci.Runtime.IntelRdt { L3CacheSchema = cache, MemBwSchema = bandwidth };
        if (state.Resctrl is { } folder)
        {
            ResctrlGroup.Write(folder, ResctrlGroup.Schemata(wanted));
            return;
        }

        var group = new ResctrlGroup(mount!, wanted, id);
        _folder.Record(state with { Resctrl = group.Folder, ResctrlOwn = group.Own });
        _folder.Finish(id);
        group.Enter(state.Pid);
    }

    private void WarnRootless()
    {
        if (Processes.EffectiveUid != 0 || LinuxNamespaces.InUserNamespace())
            warn("runc checkpoint is untested with rootless containers");
    }

    /// <summary>Before anything is made.</summary>
    private static void Check(CreateOptions options)
    {
        if (options.SystemdCgroup && !Directory.Exists("/run/systemd/system"))
            throw NaruException.Precondition("systemd not running on this host, cannot use systemd cgroups manager");
    }

    private ContainerLauncher Launcher(CreateOptions options)
    {
        Check(options);
        return new(_folder, options, SpecReader.Load(options.Bundle), warn);
    }

    private string Look(ContainerState state)
    {
        var status = _folder.StatusOf(state);
        debug($"container {state.Id} is {status}; its first process is {state.Pid}");
        return status;
    }

    /// <summary>The container's first process and no other, should its number have passed on.</summary>
    private static bool SignalInit(ContainerState state, int signal)
    {
        try
        {
            return Processes.Kill(state.Pid, state.StartTime, signal);
        }
        catch (LinuxException refused)
        {
            throw new NaruException(ErrorKind.InvalidArgument, $"unable to signal init: {Errno.Text(refused.Number)}", refused);
        }
    }

    private StateListEntry Describe(ContainerState state)
    {
        var status = Look(state);
        return new StateListEntry
        {
            OciVersion = state.OciVersion,
            Id = state.Id,
            Pid = status == "stopped" ? 0 : state.Pid,
            Status = status,
            Bundle = state.Bundle,
            Rootfs = state.Rootfs,
            Created = state.Created,
            Annotations = state.Annotations,
        };
    }

    /// <summary>By /etc/passwd; a user whom it does not name, by number.</summary>
    private string OwnerOf(ContainerState state)
    {
        var uid = Files.TryStatus(_folder.Of(state.Id))?.Uid ?? 0;
        var number = uid.ToString(CultureInfo.InvariantCulture);
        foreach (var line in uid == 0 ? [] : (Files.TryReadText("/etc/passwd") ?? "").Split('\n'))
        {
            if (line.Split(':') is [var name, _, var id, ..] && id == number)
                return name;
        }

        return uid == 0 ? "root" : $"#{number}";
    }
}
