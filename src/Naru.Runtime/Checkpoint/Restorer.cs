using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Naru.Base;
using Naru.Linux;
using Naru.Oci.Runtime;
using Naru.Runtime.Cgroups;
using Naru.Runtime.Hooks;
using Naru.Runtime.Init;
using Naru.Runtime.Lifecycle;
using Naru.Runtime.Rootfs;
using Naru.Runtime.SpecValidation;
using Naru.Runtime.State;

namespace Naru.Runtime.Checkpoint;

/// <summary>restore: makes a container whose processes CRIU brings back from files, as children of the runtime. A failure at any step leaves nothing behind.</summary>
/// <remarks>The cgroup and its limits are the bundle's, made before CRIU begins; CRIU runs in it, and so does all that it makes.</remarks>
/// <param name="config">The bytes of config.json.</param>
internal sealed class Restorer(StateFolder folder, CreateOptions options, CriuOptions criuOptions, byte[] config, Action<string> warn, Action<string> debug)
{
    private readonly UnfinishedContainer _made = new(folder, options, config, warn);
    private readonly CriuVersion _version = new(debug);
    private NetworkDevices? _devices;
    private SafeFileHandle? _console;
    private bool _gotTerminal;
    private int _pid;

    private Spec Spec => _made.Spec;

    /// <returns>The first process's exit status; 0 at once when detached.</returns>
    public int Run()
    {
        ConsoleChecks.Check(Spec.Process!.Terminal, options.ConsoleSocket, options.Detach);
        if (!options.Detach && options.Subreaper)
            Processes.BecomeSubreaper();
        using var terminal = Spec.Process.Terminal && !options.Detach ? new ForegroundTerminal() : null;
        _made.Begin();
        try
        {
            using var socket = options.ConsoleSocket is null ? null : CallerSocket.Connect(options.ConsoleSocket);
            using var pidFile = PidFile.Prepare(options.PidFile);
            _console = socket ?? terminal?.Socket;
            Restore();
            folder.Finish(options.Id);
            terminal?.Receive();
            pidFile?.Write(_pid);
        }
        catch (Exception failure)
        {
            _made.Undo(_pid);
            throw failure as NaruException ?? new NaruException(ErrorKind.Internal, failure.Message, failure);
        }

        if (options.Detach)
            return 0;
        var status = terminal?.Wait(_pid) ?? Foreground.Wait(_pid);
        new ContainerRemover(folder).DeleteEnded(options.Id, warn);
        return status;
    }

    private void Restore()
    {
        _version.Require();
        ContainerRoot.Check(_made.State.Rootfs);
        NamespaceChecks.CheckPaths(Spec);
        var pipes = StandardStreams.ReadPipes(criuOptions.ImagePath);
        folder.SaveConfig(options.Id, config);
        _devices = new NetworkDevices(Spec.Linux?.NetDevices);
        var manager = MakeCgroup();
        var root = folder.CriuRoot(options.Id);
        Files.MakeFolder(root, 0x1ED);
        var passed = new List<SafeFileHandle>();
        try
        {
            OpenNamespaces(passed);
            using var criu = Criu.Start(debug, passed, () => RestoreRoot.Make(Spec, options.Bundle, _made.State.Rootfs, root), Handle);
            using var request = new CriuRequest(criuOptions, Spec, CriuLog.OfRestore, root, criu.Pid);
            Describe(request, pipes, manager.Cgroup);
            Enter(request, manager, criu.Pid);
            Ask(criu, request);
        }
        finally
        {
            passed.ForEach(handle => handle.Dispose());
            Files.TryRemoveFolder(root);
        }

        if (_pid == 0)
            throw new NaruException(ErrorKind.Internal, "criu restored no process");
        if (Spec.Process!.Terminal && !_gotTerminal)
            throw new NaruException(ErrorKind.Internal, "the restored process has no terminal");
    }

    private void Ask(Criu criu, CriuRequest request)
    {
        debug($"Using CRIU in {Criu.NameOf(CriuRequestType.Restore)} mode");
        try
        {
            criu.Ask(CriuRequestType.Restore, request.Options);
            if (criu.Finish() is var ended and not 0)
                throw new NaruException(ErrorKind.Internal, $"criu failed: exit status {ended}");
        }
        catch (NaruException)
        {
            CriuLog.Quote(request.Log, warn);
            throw;
        }
    }

    /// <summary>Those that CRIU leaves as they are: it finds them among its descriptors.</summary>
    private void OpenNamespaces(List<SafeFileHandle> passed)
    {
        foreach (var entry in Spec.Linux?.Namespaces ?? [])
        {
            if (ExternalNamespaces.KeyOf(entry) is not null)
                passed.Add(Files.TryOpen(entry.Path!, OpenFlags.ReadOnly) ?? throw NaruException.NotFound($"Requested network namespace {entry.Path} does not exist"));
        }
    }

    private CgroupManager MakeCgroup()
    {
        var manager = _made.PlanCgroup();
        manager.MakeUnified(Spec.Linux?.Resources);
        manager.Make(Spec.Linux?.Resources);
        return manager;
    }

    /// <summary>CRIU goes where its children are to be, and is told that there is the top of what it restores of cgroups.</summary>
    private void Enter(CriuRequest request, CgroupManager manager, int criu)
    {
        // Should the runtime be killed, whoever deletes what it leaves ends CRIU.
        _made.NoteProcess(criu);
        manager.Adopt(criu, Spec.Linux?.Resources);
        manager.Cgroup.Add(criu);
        manager.Limit(Spec.Linux?.Resources);
        foreach (var line in (Files.TryReadText($"/proc/{criu}/cgroup") ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Split(':', 3) is not [_, var names, var path])
                continue;
            foreach (var name in names.Split(','))
                request.CgroupRoot(name, path);
        }
    }

    private void Describe(CriuRequest request, IReadOnlyList<string?> pipes, Cgroup cgroup)
    {
        const int changesProfile = 31600;
        var passed = Criu.FirstPassed;
        request.Options.Flag(CriuOption.EvasiveDevices, true);
        request.Options.Flag(CriuOption.RstSibling, true);
        if (criuOptions.LsmProfile is { } profile)
            request.Options.Text(CriuOption.LsmProfile, _version.IsAtLeast(changesProfile) ? profile : throw NaruException.Precondition("--lsm-profile requires at least CRIU 3.16"));
        if (criuOptions.LsmMountContext is { } context)
            request.Options.Text(CriuOption.LsmMountContext, _version.IsAtLeast(changesProfile) ? context : throw NaruException.Precondition("--lsm-mount-context requires at least CRIU 3.16"));
        foreach (var entry in Spec.Linux?.Namespaces ?? [])
        {
            if (ExternalNamespaces.KeyOf(entry) is { } key)
            {
                request.Inherit(key, passed++);
            }
            else if (!string.IsNullOrEmpty(entry.Path))
            {
                if (entry.Type == "cgroup")
                    throw NaruException.Precondition("Do not know how to handle namespace NEWCGROUP");
                request.Join(ExternalNamespaces.NameOf(entry.Type), entry.Path);
            }
        }

        ExternalMounts.AddToRestore(request, Spec, cgroup.Folders, _made.State.Rootfs, options.Bundle);
        for (var number = 0; number < pipes.Count; number++)
        {
            if (pipes[number] is { } pipe)
                request.Inherit(pipe, number);
        }
    }

    private void Handle(CriuResponse message, IReadOnlyList<SafeFileHandle> handles)
    {
        switch (message.Script)
        {
            case "setup-namespaces":
                SetUpNetwork(message.Pid);
                HookRunner.Run("prestart", Spec.Hooks?.Prestart, _made.State.Describe("creating", message.Pid), options.Bundle);
                HookRunner.Run("createRuntime", Spec.Hooks?.CreateRuntime, _made.State.Describe("creating", message.Pid), options.Bundle);
                break;
            case "post-restore":
                _pid = message.Pid;
                _made.NoteProcess(_pid);
                _made.EnterClass(_pid);
                break;
            case "orphan-pts-master" when _console is not null && handles.Count > 0:
                ConsoleSocket.Send(_console, handles[0]);
                _gotTerminal = true;
                break;
        }
    }

    /// <summary>CRIU leaves a network namespace of the container's own empty: it gets what a create gives it.</summary>
    private void SetUpNetwork(int pid)
    {
        var own = false;
        foreach (var entry in Spec.Linux?.Namespaces ?? [])
            own |= entry is { Type: "network", Path: null or "" };
        if (!own)
            return;
        using var network = Files.Open($"/proc/{pid}/ns/net", OpenFlags.ReadOnly);
        _devices!.MoveTo(pid);
        using var refusal = Files.Memory("refusal");
        var helper = Processes.Fork();
        if (helper == 0)
        {
            try
            {
                LinuxNamespaces.Join(network, NamespaceKinds.Network);
                Loopback.SetUp();
                if (_devices.Any)
                    _devices.Furnish();
                Processes.Exit(0);
            }
            catch (Exception failure)
            {
                Files.Write(refusal, System.Text.Encoding.UTF8.GetBytes(failure.Message));
            }

            Processes.Exit(1);
        }

        if (Processes.Wait(helper) != 0)
            throw new NaruException(ErrorKind.Internal, System.Text.Encoding.UTF8.GetString(Files.ReadFromStart(refusal)));
    }
}
