using Microsoft.Win32.SafeHandles;
using Naru.Base;
using Naru.Linux;
using Naru.Oci.Runtime;
using Naru.Runtime.Cgroups;
using Naru.Runtime.Init;
using Naru.Runtime.Resctrl;
using Naru.Runtime.Seccomp;
using Naru.Runtime.SpecValidation;
using Naru.Runtime.State;

namespace Naru.Runtime.Lifecycle;

/// <summary>Starts another process in a running container: its namespaces, its cgroup, its limits.</summary>
internal sealed class ExecLauncher(StateFolder folder, ExecOptions options, Action<string> warn)
{
    /// <summary>How long a container that is started may take to its execve: startContainer hooks come before it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private int _pid;

    /// <returns>The process's exit status; 0 at once when detached.</returns>
    public int Run()
    {
        var state = folder.Load(options.Id);
        var status = folder.StatusOf(state);
        if (status == "stopped")
            throw NaruException.Precondition("cannot exec in a stopped container");
        if (status == "paused" && !options.IgnorePaused)
            throw NaruException.Precondition("cannot exec in a paused container (use --ignore-paused to override)");
        var spec = SpecReader.Parse(folder.LoadConfig(state));
        var process = ExecProcess.Build(options, spec);
        ProcessLimits.Check(process, warn);
        ConsoleChecks.Check(process.Terminal, options.ConsoleSocket, options.Detach);
        var cgroups = SubCgroups.Below(state.Cgroups, SubCgroups.Parse(options.Cgroups));
        using var terminal = process.Terminal && !options.Detach ? new ForegroundTerminal() : null;
        using var socket = options.ConsoleSocket is null ? null : CallerSocket.Connect(options.ConsoleSocket);
        using var pidfdSocket = CallerSocket.ConnectForProcess(options.PidfdSocket);
        using var pidFile = PidFile.Prepare(options.PidFile);
        try
        {
            Start(state, spec, process, cgroups, socket ?? terminal?.Socket, () =>
            {
                terminal?.Receive();
                CallerSocket.SendProcess(pidfdSocket, _pid);
                pidFile?.Write(_pid);
            });
        }
        catch (Exception failure) when (failure is NaruException or LinuxException)
        {
            if (_pid > 0)
            {
                Processes.Kill(_pid, 9);
                Processes.TryWait(_pid);
            }

            throw new NaruException((failure as NaruException)?.Kind ?? ErrorKind.Internal, $"unable to start container process: {failure.Message}", failure);
        }

        return options.Detach ? 0 : terminal?.Wait(_pid) ?? Foreground.Wait(_pid);
    }

    /// <param name="cgroups">The folders to enter, by hierarchy.</param>
    /// <param name="ready">Called when the process is all it is to be, but for its program.</param>
    private void Start(ContainerState state, Spec spec, Process process, IReadOnlyDictionary<string, string> cgroups, SafeFileHandle? socket, Action ready)
    {
        using var namespaces = OpenNamespaces(state);
        using var channel = new Channel();
        // Nobody in the container may trace this process, or follow its links to the runtime's program, before its execve.
        if (Processes.EffectiveUid == 0)
            Credentials.SetDumpable(false);
        var manager = CgroupManagers.Of(state with { Cgroups = cgroups });
        // Where it first runs on CPUs of its own, it is not in the cgroup yet.
        using var cgroup = process.ExecCpuAffinity?.Initial is null ? manager.OpenLaterEntry() : CgroupEntry.None();
        _pid = NamespaceFork.Fork(namespaces, cgroup);
        if (_pid == 0)
            Become(process, spec.Linux, state, namespaces, manager, cgroup, channel, socket);
        channel.BecomeParent();
        manager.AdoptLater(_pid);
        ProcessLimits.SetScore(_pid, process);
        if (state.Resctrl is { } classOfService)
            ResctrlGroup.Join(classOfService, state.ResctrlOwn, _pid);
        channel.Send(Channel.Limited);
        channel.Send(Channel.Filter, SeccompFilter.Of(spec.Linux?.Seccomp)?.ToBytes());
        AwaitReady(channel, state, spec);
        ProcessLimits.Raise(_pid, process);
        ready();
        channel.Send(Channel.Start);
        channel.Next();
    }

    /// <summary>Until its execve a container's process is closed to the unprivileged user whose it is; start has told it to go on, and does not wait for that.</summary>
    private NamespacePlan OpenNamespaces(ContainerState state)
    {
        for (var waited = System.Diagnostics.Stopwatch.StartNew(); ; Thread.Sleep(1))
        {
            try
            {
                return NamespacePlan.OfProcess(state.Pid);
            }
            catch (LinuxException closed) when (closed.Number == Errno.EACCES && Processes.EffectiveUid != 0 && waited.Elapsed < Patience)
            {
                if (folder.StatusOf(state) == "created")
                    throw NaruException.Precondition("cannot exec in a container that is not started: its process is closed to an unprivileged user until then");
            }
        }
    }

    private void AwaitReady(Channel channel, ContainerState state, Spec spec)
    {
        while (channel.Next() is { } message)
        {
            if (message.Word == Channel.Ready)
                return;
            if (message.Word == Channel.Listening)
                SeccompListener.Pass(spec.Linux!.Seccomp!, _pid, message.Bytes, state.Describe("running", state.Pid));
        }

        throw new NaruException(ErrorKind.Internal, "the process ended before it was ready");
    }

    /// <summary>The child: never returns.</summary>
    private void Become(Process process, LinuxSpec? linux, ContainerState state, NamespacePlan namespaces, CgroupManager manager, CgroupEntry cgroup, Channel channel, SafeFileHandle? socket)
    {
        var started = false;
        try
        {
            channel.BecomeChild();
            Processes.ResetSignals();
            Stress.Step();
            // While the host's procfs is in sight; the container's may be anything.
            using var profile = AppArmor.Open(process.ApparmorProfile);
            using var label = Selinux.Open(process.SelinuxLabel);
            using var keyring = state.OwnKeyring ? new SessionKeyring(state.Id, process.SelinuxLabel) : null;
            channel.Await(Channel.Limited);
            Scheduling.ApplyInitialCpus(process);
            manager.OpenDoors(cgroup);
            Join(cgroup, state);
            Scheduling.ApplyFinalCpus(process);
            namespaces.JoinOthers();
            if (namespaces.HasUser)
            {
                Credentials.SetGid(0);
                Credentials.SetUid(0);
                Credentials.SetDumpable(false);
            }

            Processes.NewSession();
            keyring?.Join();
            Scheduling.ApplyPersonality(linux?.Personality);
            if (socket is not null)
                TakeTerminal(process, socket);
            AppArmor.Apply(profile, process.ApparmorProfile);
            Selinux.Apply(label, process.SelinuxLabel);
            Stress.Step();
            var setup = new ProcessSetup(process, SeccompFilter.FromBytes(channel.Await(Channel.Filter)), options.PreserveDescriptors) { BoundToCpus = !string.IsNullOrEmpty(linux?.Resources?.Cpu?.Cpus) };
            setup.Prepare();
            MemoryPlacement.Apply(linux?.MemoryPolicy);
            setup.OfferListener(channel);
            channel.Send(Channel.Ready);
            channel.Await(Channel.Start);
            started = true;
            Stress.Step();
            setup.Confine();
            setup.Execute();
        }
        catch (Exception failure)
        {
            var message = failure is NaruException or LinuxException ? failure.Message : failure.ToString();
            if (!started)
                channel.SendError(message);
            else
                Files.WriteStandard(2, message + "\n");
        }

        Processes.Exit(ContainerInit.Failed);
    }

    private void Join(CgroupEntry cgroup, ContainerState state)
    {
        try
        {
            cgroup.JoinBeside(options.Cgroups.Count == 0 ? state.Pid : 0);
        }
        catch (LinuxException failure)
        {
            throw new NaruException(ErrorKind.Internal, $"error adding pid {Processes.OwnPid} to cgroups: {failure.Message}", failure);
        }
    }

    private static void TakeTerminal(Process process, SafeFileHandle socket)
    {
        using var root = Files.Open("/", OpenFlags.PathOnly | OpenFlags.Directory);
        using var terminal = ProcessTerminal.Make(root, process, socket);
        terminal.Control();
    }
}
