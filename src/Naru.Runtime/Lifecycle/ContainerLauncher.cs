using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Naru.Base;
using Naru.Linux;
using Naru.Oci.Runtime;
using Naru.Runtime.Cgroups;
using Naru.Runtime.Hooks;
using Naru.Runtime.Init;
using Naru.Runtime.Rootfs;
using Naru.Runtime.Seccomp;
using Naru.Runtime.SpecValidation;
using Naru.Runtime.State;
using Naru.Runtime.Stats;

namespace Naru.Runtime.Lifecycle;

/// <summary>Makes a container: folder, cgroup, first process. A failure at any step leaves nothing behind.</summary>
/// <param name="config">The bytes of config.json.</param>
internal sealed class ContainerLauncher(StateFolder folder, CreateOptions options, byte[] config, Action<string> warn)
{
    private readonly UnfinishedContainer _made = new(folder, options, config, warn);
    private ForegroundTerminal? _terminal;
    private int _pid;

    private Spec Spec => _made.Spec;

    /// <summary>create: the first process waits on exec.fifo until start.</summary>
    public void Create()
    {
        CheckTerminal(detaches: true);
        Launch(fifo: true).Dispose();
    }

    /// <summary>run: created and started in one go.</summary>
    /// <returns>The process's exit status; 0 at once when detached.</returns>
    public int Run()
    {
        CheckTerminal(detaches: options.Detach);
        if (!options.Detach && options.Subreaper)
            Processes.BecomeSubreaper();
        using var terminal = _terminal = Spec.Process!.Terminal && !options.Detach ? new ForegroundTerminal() : null;
        using (var channel = Launch(fifo: false))
        {
            try
            {
                channel.Send(Channel.Start);
                // Null: the program is running. An error of execve itself comes as the last word.
                channel.Next();
                HookRunner.Run("poststart", Spec.Hooks?.Poststart, Describe("running"), options.Bundle);
            }
            catch
            {
                _made.Undo(_pid);
                throw;
            }
        }

        if (options.Detach)
            return 0;
        var status = terminal?.Wait(_pid) ?? Foreground.Wait(_pid);
        if (!options.Keep)
            new ContainerRemover(folder).DeleteEnded(options.Id, warn);
        return status;
    }

    private Channel Launch(bool fifo)
    {
        _made.Begin();
        try
        {
            return Start(fifo);
        }
        catch (Exception failure)
        {
            _made.Undo(_pid);
            throw Explain(failure);
        }
    }

    private void CheckTerminal(bool detaches) => ConsoleChecks.Check(Spec.Process!.Terminal, options.ConsoleSocket, detaches);

    private Channel Start(bool fifo)
    {
        ContainerRoot.Check(_made.State.Rootfs);
        var rootless = Processes.EffectiveUid != 0;
        if (rootless)
            RootlessChecks.Check(Spec);
        NamespaceChecks.CheckPaths(Spec);
        using var namespaces = NamespacePlan.Open(Spec.Linux?.Namespaces);
        using var fifoHandle = fifo ? MakeFifo() : null;
        using var socket = options.ConsoleSocket is null ? null : CallerSocket.Connect(options.ConsoleSocket);
        using var pidfdSocket = CallerSocket.ConnectForProcess(options.PidfdSocket);
        using var pidFile = PidFile.Prepare(options.PidFile);
        if (Spec.Linux?.Resources?.Memory is { } memory && (memory.Kernel is not null || memory.KernelTcp is not null))
            warn("Kernel memory settings are ignored and will be removed");
        ProcessLimits.Check(Spec.Process!, warn);
        var devices = new NetworkDevices(Spec.Linux?.NetDevices);
        var manager = _made.PlanCgroup();
        Apply(() => manager.MakeUnified(Spec.Linux?.Resources), "unable to start container process: ");
        using var entry = manager.OpenEntry();
        // An unprivileged runtime reaches no more than its user namespace does.
        using var sources = MountSources.For(Spec, options.Bundle, closed: namespaces.HasUser && !rootless);
        var channel = new Channel();
        try
        {
            var init = new ContainerInit
            {
                Spec = Spec,
                Container = _made.State,
                Namespaces = namespaces,
                CgroupFolders = manager.Cgroup.Folders,
                Devices = devices,
                Channel = channel,
                Sources = sources,
                Fifo = fifoHandle,
                ConsoleSocket = socket ?? _terminal?.Socket,
                Pivot = !options.NoPivot,
                Keyring = !options.NoNewKeyring,
                PreservedDescriptors = options.PreserveDescriptors,
            };
            // An unprivileged user's process must be open to that user until its ids are mapped; then it closes itself.
            if (!rootless)
                Credentials.SetDumpable(false);
            namespaces.MakeTime(byRuntime: true, Spec.Linux?.TimeOffsets);
            _pid = NamespaceFork.Fork(namespaces, entry);
            if (_pid == 0)
                init.Run();
            channel.BecomeParent();
            Furnish(channel, manager, entry, namespaces, devices);
            // The process builds its file system meanwhile.
            folder.SaveConfig(options.Id, config);
            AwaitReady(channel, sources);
            ProcessLimits.Raise(_pid, Spec.Process!);
            folder.Finish(options.Id);
            _terminal?.Receive();
            CallerSocket.SendProcess(pidfdSocket, _pid);
            pidFile?.Write(_pid);
            return channel;
        }
        catch
        {
            channel.Dispose();
            throw;
        }
    }

    /// <summary>The process is at work already: ids, cgroup, limits and filter come to it as they are ready.</summary>
    private void Furnish(Channel channel, CgroupManager manager, CgroupEntry entry, NamespacePlan namespaces, NetworkDevices devices)
    {
        try
        {
            if (namespaces.Created.HasFlag(NamespaceKinds.User))
            {
                IdMaps.Write(_pid, Spec.Linux?.UidMappings, Spec.Linux?.GidMappings);
                // An unprivileged runtime may do so only as long as the process has not closed itself to others.
                ProcessLimits.SetScore(_pid, Spec.Process!);
                channel.Send(Channel.Mapped);
            }

            MakeCgroup(manager);
            manager.OpenDoors(entry);
            channel.Send(Channel.Grouped, entry.Doors);
            Limit(manager);
            _made.EnterClass(_pid);
            if (!namespaces.Created.HasFlag(NamespaceKinds.User))
                ProcessLimits.SetScore(_pid, Spec.Process!);
            channel.Send(Channel.Limited);
            channel.Send(Channel.Filter, SeccompFilter.Of(Spec.Linux?.Seccomp)?.ToBytes());
            if (devices.Any && channel.Next()?.Word == Channel.Separated)
            {
                devices.MoveTo(_pid);
                channel.Send(Channel.Moved);
            }
        }
        catch (Exception failure) when (failure is LinuxException or NaruException { InnerException: LinuxException })
        {
            // If the process ended meanwhile, why it did is the error.
            Processes.Kill(_pid, 9);
            channel.Drain();
            if (KilledForMemory() is { } killed)
                throw new NaruException(ErrorKind.Internal, killed, failure);
            throw;
        }
    }

    private void AwaitReady(Channel channel, MountSources? sources)
    {
        while (true)
        {
            var message = channel.Next();
            switch (message?.Word)
            {
                case Channel.Ready:
                    return;
                case Channel.Sources:
                    sources!.Serve(_pid);
                    break;
                case Channel.Listening:
                    SeccompListener.Pass(Spec.Linux!.Seccomp!, _pid, message.Value.Bytes, Describe("creating"));
                    break;
                case Channel.Mounted:
                    HookRunner.Run("prestart", Spec.Hooks?.Prestart, Describe("creating"), options.Bundle);
                    HookRunner.Run("createRuntime", Spec.Hooks?.CreateRuntime, Describe("creating"), options.Bundle);
                    channel.Send(Channel.Hooked);
                    break;
                default:
                    throw new NaruException(ErrorKind.Internal, KilledForMemory() ?? $"the container's first process ended early (status {Processes.TryWait(_pid)})");
            }
        }
    }

    /// <summary>Why the process ended without a word, if the kernel killed it: on v2 a limit below what is in use does so at once.</summary>
    private string? KilledForMemory() =>
        _made.Cgroup is { } made && CgroupStats.OutOfMemoryKills(made.Cgroup) > 0 ? "container init was OOM-killed (memory limit too low?)" : null;

    private void MakeCgroup(CgroupManager manager)
    {
        Apply(() => manager.Make(Spec.Linux?.Resources), "");
        _made.NoteProcess(_pid);
        manager.Adopt(_pid, Spec.Linux?.Resources);
    }

    private void Limit(CgroupManager manager)
    {
        try
        {
            manager.Limit(Spec.Linux?.Resources);
        }
        catch (Exception failure) when (failure is LinuxException or NaruException)
        {
            throw new NaruException((failure as NaruException)?.Kind ?? ErrorKind.Internal, $"error setting cgroup config for procHooks process: {failure.Message}", failure.InnerException ?? failure);
        }
    }

    private static void Apply(Action make, string prefix)
    {
        try
        {
            make();
        }
        catch (Exception failure) when (failure is LinuxException or NaruException { Kind: ErrorKind.PermissionDenied })
        {
            throw new NaruException((failure as NaruException)?.Kind ?? ErrorKind.Internal, $"{prefix}unable to apply cgroup configuration: {failure.Message}", failure);
        }
    }

    private SafeFileHandle MakeFifo()
    {
        Files.MakeFifo(folder.Fifo(options.Id), 0x192);
        // Open at both ends: the process's read waits for a byte, not for a reader.
        return Files.Open(folder.Fifo(options.Id), OpenFlags.ReadWrite);
    }

    private Oci.Runtime.State Describe(string status) => _made.State.Describe(status, _pid);

    /// <summary>What is wrong with the configuration is said as it is; what went wrong with the process, as that.</summary>
    private NaruException Explain(Exception failure) => _pid == 0
        ? failure as NaruException ?? new NaruException(ErrorKind.Internal, failure.Message, failure)
        : failure is NaruException known
        ? new NaruException(known.Kind, $"unable to start container process: error during container init: {known.Message}", known)
        : new NaruException(ErrorKind.Internal, $"unable to start container process: {failure.Message}", failure);
}
