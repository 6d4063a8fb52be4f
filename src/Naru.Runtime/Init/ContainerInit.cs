using Microsoft.Win32.SafeHandles;
using Naru.Base;
using Naru.Linux;
using Naru.Oci.Runtime;
using Naru.Runtime.Hooks;
using Naru.Runtime.Rootfs;
using Naru.Runtime.Seccomp;
using Naru.Runtime.State;

namespace Naru.Runtime.Init;

/// <summary>The container's first process, from the fork to execve.</summary>
internal sealed class ContainerInit
{
    public required Spec Spec { get; init; }

    /// <summary>What is kept of the container so far.</summary>
    public required ContainerState Container { get; init; }

    public required NamespacePlan Namespaces { get; init; }

    public required IReadOnlyDictionary<string, string> CgroupFolders { get; init; }

    public required NetworkDevices Devices { get; init; }

    public required Channel Channel { get; init; }

    /// <summary>Where the runtime opens sources of mounts; null where the process can do so itself.</summary>
    public required MountSources? Sources { get; init; }

    /// <summary>exec.fifo, open for both ends, for create; null when the runtime itself says Start (run).</summary>
    public required SafeFileHandle? Fifo { get; init; }

    public required SafeFileHandle? ConsoleSocket { get; init; }

    public required bool Pivot { get; init; }

    public required bool Keyring { get; init; }

    /// <summary>How many descriptors from 3 on the program keeps.</summary>
    public required int PreservedDescriptors { get; init; }

    /// <summary>The exit status of a process that could not become the program asked for.</summary>
    public const int Failed = 255;

    private CgroupEntry? _cgroup;
    private SeccompFilter? _filter;

    /// <summary>Never returns.</summary>
    public void Run()
    {
        var started = false;
        try
        {
            Channel.BecomeChild();
            Processes.ResetSignals();
            Stress.Step();
            EnterNamespaces();
            Stress.Step();
            using (var terminal = BuildFileSystem())
                terminal?.Control();
            Stress.Step();
            var setup = new ProcessSetup(Spec.Process!, _filter, PreservedDescriptors) { ReopensNull = true, BoundToCpus = !string.IsNullOrEmpty(Spec.Linux?.Resources?.Cpu?.Cpus) };
            setup.Prepare();
            MemoryPlacement.Apply(Spec.Linux?.MemoryPolicy);
            Stress.Step();
            setup.OfferListener(Channel);
            Channel.Send(Channel.Ready);
            AwaitStart(setup.Listener);
            started = true;
            Stress.Step();
            setup.Confine();
            HookRunner.Run("startContainer", Spec.Hooks?.StartContainer, Describe("created"), environment: setup.Environment);
            setup.Execute();
        }
        catch (Exception failure)
        {
            var message = failure is NaruException or LinuxException ? failure.Message : failure.ToString();
            if (!started)
                Channel.SendError(message);
            else
                // The runtime is not waiting any more: it is the container that failed, and says so on its own standard error, as runc has it.
                Files.WriteStandard(2, message + "\n");
        }

        Processes.Exit(Failed);
    }

    private void EnterNamespaces()
    {
        if (Namespaces.Created.HasFlag(NamespaceKinds.User))
            Channel.Await(Channel.Mapped);
        Namespaces.JoinOthers();
        Namespaces.MakeTime(byRuntime: false, Spec.Linux?.TimeOffsets);
        if (Namespaces.HasUser)
        {
            Credentials.SetGid(0);
            Credentials.SetUid(0);
            // Changing ids made the process dumpable again.
            Credentials.SetDumpable(false);
        }

        Namespaces.MakeOthers();
        Processes.NewSession();
        if (Keyring)
        {
            using var keyring = new SessionKeyring(Container.Id, Spec.Process?.SelinuxLabel);
            keyring.Join();
        }

        Scheduling.ApplyPersonality(Spec.Linux?.Personality);
        if (!string.IsNullOrEmpty(Spec.Hostname))
            LinuxNamespaces.SetHostname(Spec.Hostname);
        if (!string.IsNullOrEmpty(Spec.Domainname))
            LinuxNamespaces.SetDomainname(Spec.Domainname);
        // As runc: a network namespace of one's own comes with a loopback that works.
        if (Namespaces.Created.HasFlag(NamespaceKinds.Network))
            Loopback.SetUp();
        if (Devices.Any)
        {
            Devices.CheckFree();
            Channel.Send(Channel.Separated);
        }

        _cgroup = new CgroupEntry(Channel.AwaitDescriptors(Channel.Grouped));
        // What the process is in becomes the namespace's root.
        if (Namespaces.Created.HasFlag(NamespaceKinds.Cgroup))
        {
            JoinCgroup();
            LinuxNamespaces.Unshare(NamespaceKinds.Cgroup);
        }
    }

    private void TakeDevices()
    {
        if (!Devices.Any)
            return;
        Channel.Await(Channel.Moved);
        Devices.Furnish();
    }

    /// <summary>Once the limits are set.</summary>
    private void JoinCgroup()
    {
        Channel.Await(Channel.Limited);
        _cgroup!.Join();
        _cgroup.Dispose();
        // What the caller is bound to is no concern of the container's: its cgroup says where it may run.
        Processes.ResetAffinity();
    }

    private PseudoTerminal? BuildFileSystem()
    {
        using var rootfs = new RootfsBuilder(Spec, Container.Bundle, Container.Rootfs, new CgroupFileSystemMount(CgroupFolders, Namespaces.Has(NamespaceKinds.Cgroup), Spec.Linux?.MountLabel));
        if (Sources is not null)
            Channel.Send(Channel.Sources);
        rootfs.MountAll(Sources);
        Stress.Step();
        DeviceNodes.Make(rootfs.Root, Spec, bind: Namespaces.HasUser);
        if (Spec.Process?.Cwd is { Length: > 0 } cwd)
            rootfs.MakeFolder(cwd);
        var terminal = MakeTerminal(rootfs);
        if (!Namespaces.Created.HasFlag(NamespaceKinds.Cgroup))
            JoinCgroup();
        _filter = SeccompFilter.FromBytes(Channel.Await(Channel.Filter));
        TakeDevices();
        if (Spec.Hooks is { Prestart.Count: > 0 } or { CreateRuntime.Count: > 0 })
        {
            Channel.Send(Channel.Mounted);
            Channel.Await(Channel.Hooked);
        }

        HookRunner.Run("createContainer", Spec.Hooks?.CreateContainer, Describe("creating"), Container.Rootfs, []);
        Sysctls.Write(Spec.Linux?.Sysctl);
        using (var attribute = AppArmor.Open(Spec.Process?.ApparmorProfile))
            AppArmor.Apply(attribute, Spec.Process?.ApparmorProfile);
        using (var attribute = Selinux.Open(Spec.Process?.SelinuxLabel))
            Selinux.Apply(attribute, Spec.Process?.SelinuxLabel);
        rootfs.Protect();
        rootfs.Enter(Pivot);
        return terminal;
    }

    private PseudoTerminal? MakeTerminal(RootfsBuilder rootfs)
    {
        if (Spec.Process?.Terminal != true || ConsoleSocket is null)
            return null;
        return ProcessTerminal.Make(rootfs.Root.Handle, Spec.Process, ConsoleSocket, terminal => ProcessTerminal.MountConsole(rootfs.Root, terminal));
    }

    private void AwaitStart(SafeFileHandle? listener)
    {
        if (Fifo is null)
        {
            Channel.Await(Channel.Start);
            return;
        }

        StartGate.Await(Fifo, 3 + PreservedDescriptors, listener);
    }

    private Oci.Runtime.State Describe(string status) => Container.Describe(status, Processes.OwnPid);
}
