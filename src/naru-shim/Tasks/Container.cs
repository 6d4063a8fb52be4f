using System.Globalization;
using Naru.Linux.Terminals;
using Naru.Rpc.Types;
using Naru.Shim.Cgroups;
using Naru.Shim.Io;

namespace Naru.Shim.Tasks;

/// <summary>The shim's one container: made by Create, gone with Delete. Every process of it is a child of this program, by birth or adoption.</summary>
internal sealed class Container
{
    public const string InitPidFile = "init.pid";

    private const int SIGKILL = 9;

    private readonly EventLoop loop;
    private readonly Children children;
    private readonly TaskEvents events;
    private readonly RuntimeOptions options;
    private readonly RuntimeCommand runtime;
    private readonly string consolePrefix;
    private readonly Dictionary<string, ContainerProcess> execs = new(StringComparer.Ordinal);
    private OomWatch? oom;
    private bool sharesPids;
    private int consoles;

    /// <param name="consolePrefix">Where terminals' sockets go: bundles' paths are too long for them.</param>
    public Container(EventLoop loop, Children children, TaskEvents events, RuntimeOptions options, CreateTaskRequest request, string consolePrefix)
    {
        this.loop = loop;
        this.children = children;
        this.events = events;
        this.options = options;
        this.consolePrefix = consolePrefix;
        Id = request.Id;
        Bundle = request.Bundle;
        runtime = new RuntimeCommand(children, options, Bundle);
        Init = new ContainerProcess("", new Stdio(request.Stdin, request.Stdout, request.Stderr, request.Terminal));
    }

    public string Id { get; }

    public string Bundle { get; }

    public ContainerProcess Init { get; }

    public bool Paused { get; private set; }

    public TaskCgroup? Cgroup { get; private set; }

    private string RootfsPath => Path.Combine(Bundle, "rootfs");

    public ContainerProcess Find(string execId) =>
        execId.Length == 0 ? Init : execs.GetValueOrDefault(execId) ?? throw NaruException.NotFound($"process {execId} does not exist: not found");

    /// <summary>The exec a pid belongs to, or null.</summary>
    public string? ExecOf(int pid) => execs.Values.FirstOrDefault(each => each.Pid == pid)?.ExecId;

    /// <summary>Mounts the root filesystem and has the runtime make the container, which then waits for start.</summary>
    public async Task CreateAsync(CreateTaskRequest request)
    {
        options.Save(Bundle);
        Rootfs.Mount(request.Rootfs, RootfsPath);
        try
        {
            List<string> words = ["--bundle", Bundle, "--pid-file", Path.Combine(Bundle, InitPidFile)];
            if (options.NoPivotRoot)
                words.Add("--no-pivot");
            if (options.NoNewKeyring)
                words.Add("--no-new-keyring");
            await RunProcessAsync(Init, "create", words, [Id], Path.Combine(Bundle, InitPidFile), pid =>
            {
                Cgroup = TaskCgroup.Of(pid);
                sharesPids = !IsFirstOfItsPids(pid);
                oom = OomWatch.Start(loop, Cgroup, () => events.Oom(Id));
                events.Created(this, request);
            });
        }
        catch
        {
            // The runtime made it, and its streams failed: nothing of it may stay.
            if (Init.Pid != 0)
                await TryRunAsync("delete", "--force", Id);
            Rootfs.Unmount(RootfsPath);
            throw;
        }
    }

    public async Task StartAsync(ContainerProcess process)
    {
        if (process.Starting is not null || process.State is not ProcessState.Created)
            throw NaruException.Precondition($"cannot start a {(process.Starting is not null ? "starting" : process.IsStopped ? "stopped" : "running")} process");
        var starting = new TaskCompletionSource();
        process.Starting = starting.Task;
        try
        {
            await StartOnceAsync(process);
        }
        finally
        {
            process.Starting = null;
            starting.SetResult();
        }
    }

    private async Task StartOnceAsync(ContainerProcess process)
    {
        if (process == Init)
        {
            process.Io?.OpenInput(process.InputClosed);
            await runtime.RunAsync("start", Id);
            process.SetRunning();
            events.Started(Id, process);
            return;
        }
        var pidFile = ExecFile(process, "pid");
        List<string> words = ["--process", ExecFile(process, "json"), "--detach", "--pid-file", pidFile];
        try
        {
            await RunProcessAsync(process, "exec", words, [Id], pidFile, _ =>
            {
                process.Io!.OpenInput(process.InputClosed);
                process.SetRunning();
                events.Started(Id, process);
            });
        }
        catch (NaruException)
        {
            // An exec that could not start has ended: Wait and Delete then answer, as for one that ran.
            process.SetStopped(new ChildExit(255, DateTime.UtcNow));
            throw;
        }
    }

    /// <summary>Adds an exec; it runs at its start.</summary>
    public void AddExec(ExecProcessRequest request)
    {
        if (execs.ContainsKey(request.ExecId))
            throw NaruException.Exists($"id {request.ExecId}: already exists");
        if (request.ExecId.AsSpan().ContainsAny('/', '\0') || request.ExecId is "" or "." or "..")
            throw NaruException.Invalid($"exec id {request.ExecId}: must be a name");
        if (Init.IsStopped)
            throw NaruException.Precondition("cannot exec in a stopped container");
        var process = new ContainerProcess(request.ExecId, new Stdio(request.Stdin, request.Stdout, request.Stderr, request.Terminal));
        AtomicFile.Write(ExecFile(process, "json"), request.Spec.Value.Span, durable: false);
        execs[request.ExecId] = process;
        events.ExecAdded(Id, request.ExecId);
    }

    /// <summary>Signals a process; SIGKILL to a frozen container and signals to all go by the runtime, which knows the cgroup.</summary>
    public async Task KillAsync(ContainerProcess process, int signal, bool all)
    {
        if (process.IsStopped || process.Pid == 0)
            throw NaruException.NotFound(process.IsStopped ? "process already finished" : "process not created: not found");
        if (process != Init || !(all || Paused || (sharesPids && signal == SIGKILL)))
        {
            // Its pid is its own for as long as its exit has not been collected, and that happens on this thread.
            if (!Children.Kill(process.Pid, signal))
                throw NaruException.NotFound("process already finished");
            return;
        }
        string[] words = all ? ["--all", Id, signal.ToString(CultureInfo.InvariantCulture)] : [Id, signal.ToString(CultureInfo.InvariantCulture)];
        try
        {
            await runtime.RunAsync("kill", words);
        }
        catch (NaruException) when (process.IsStopped)
        {
            throw NaruException.NotFound("process already finished");
        }
    }

    public async Task<ChildExit> DeleteAsync(ContainerProcess process)
    {
        if (process.Starting is not null || process.State is ProcessState.Running)
            throw NaruException.Precondition($"cannot delete a {(process.Starting is null ? "running" : "starting")} process");
        if (process == Init)
            await DeleteInitAsync();
        else
            execs.Remove(process.ExecId);
        await DeliverAsync(process);
        process.Io?.Dispose();
        if (process != Init)
        {
            File.Delete(ExecFile(process, "json"));
            File.Delete(ExecFile(process, "pid"));
            return process.State is ProcessState.Stopped stopped ? stopped.Exit : new ChildExit(0, DateTime.UnixEpoch);
        }
        return await process.Exited;
    }

    public async Task PauseAsync()
    {
        await runtime.RunAsync("pause", Id);
        Paused = true;
        events.Paused(Id);
    }

    public async Task ResumeAsync()
    {
        await runtime.RunAsync("resume", Id);
        Paused = false;
        events.Resumed(Id);
    }

    /// <param name="resources">runtime-spec's LinuxResources as JSON.</param>
    public async Task UpdateAsync(ReadOnlyMemory<byte> resources)
    {
        var path = Path.Combine(Bundle, "update.json");
        AtomicFile.Write(path, resources.Span, durable: false);
        try
        {
            await runtime.RunAsync("update", "--resources", path, Id);
        }
        finally
        {
            File.Delete(path);
        }
    }

    public static void Resize(ContainerProcess process, uint columns, uint rows) =>
        process.Io?.Resize(new TerminalSize((ushort)columns, (ushort)rows));

    /// <summary>The number in a pid file; 0 when there is none.</summary>
    public static int ReadPid(string path) =>
        File.Exists(path) && int.TryParse(File.ReadAllText(path), CultureInfo.InvariantCulture, out var pid) ? pid : 0;

    // Runs the runtime's command that makes a process, and follows the process from then on. Its exit may come before its number is known.
    private async Task RunProcessAsync(ContainerProcess process, string command, List<string> flags, string[] arguments, string pidFile, Action<int> running)
    {
        var spill = Path.Combine(Bundle, process.ExecId.Length == 0 ? ".spill-" : $".spill-{process.ExecId}-");
        var io = new ProcessIo(loop, process.Stdio, spill, $"{consolePrefix}{++consoles}.pty", options.User, options.Group);
        try
        {
            File.Delete(pidFile);
            if (io.ConsoleSocket is { } socket)
                flags.AddRange(["--console-socket", socket]);
            using var expected = children.Expect();
            await runtime.RunAsync(command, [.. flags, .. arguments], io.ForRuntime);
            process.Pid = ReadPid(pidFile);
            if (process.Pid == 0)
                throw new NaruException(ErrorKind.Internal, $"OCI runtime {command} failed: {pidFile}: no process id in it");
            io.Started();
            process.Io = io;
            running(process.Pid);
            _ = FollowAsync(process, children.Claim(process.Pid));
        }
        catch
        {
            io.Dispose();
            throw;
        }
    }

    private async Task FollowAsync(ContainerProcess process, Task<ChildExit> ending)
    {
        var exit = await ending;
        // A short life may be over before the runtime that began it: its start is told first.
        if (process.Starting is { } starting)
            await starting;
        if (process == Init)
        {
            // Without pids of its own, a container's other processes outlive its first: the runtime ends them.
            if (sharesPids)
                await TryRunAsync("kill", "--all", Id, "9");
            oom?.Check();
            oom?.Dispose();
            oom = null;
        }
        process.Io?.TakeRest();
        process.SetStopped(exit);
        events.Exited(Id, process, exit);
    }

    private async Task<bool> TryRunAsync(string command, params string[] arguments)
    {
        try
        {
            await runtime.RunAsync(command, arguments);
            return true;
        }
        catch (Exception failure) when (failure is NaruException or IOException)
        {
            ShimLog.Warn(failure.Message);
            return false;
        }
    }

    private async Task DeleteInitAsync()
    {
        try
        {
            // A container that was never started still has its first process, which delete ends (and whose exit then comes).
            await runtime.RunAsync("delete", Init.IsStopped ? [Id] : ["--force", Id]);
        }
        catch (NaruException) when (Init.IsStopped)
        {
            // Deleted behind our back is deleted too; but a runtime that still has it could not delete it.
            if (await TryRunAsync("state", Id))
                throw;
        }
        Rootfs.Unmount(RootfsPath);
    }

    // A reader that is there gets a moment to take what waits for it.
    private async Task DeliverAsync(ContainerProcess process)
    {
        for (var i = 0; i < 100 && process.Io is { Delivered: false, Waiting: true }; i++)
            await loop.Delay(TimeSpan.FromMilliseconds(20));
    }

    private string ExecFile(ContainerProcess process, string kind) => Path.Combine(Bundle, $"exec-{process.ExecId}.{kind}");

    // NSpid: the process's numbers in each pid namespace, its own last.
    private static bool IsFirstOfItsPids(int pid)
    {
        try
        {
            foreach (var line in File.ReadLines($"/proc/{pid}/status"))
            {
                if (line.StartsWith("NSpid:", StringComparison.Ordinal))
                    return line.EndsWith("\t1", StringComparison.Ordinal);
            }
        }
        catch (IOException)
        {
            // It has ended already, and a namespace of its own with it.
        }
        return true;
    }
}
