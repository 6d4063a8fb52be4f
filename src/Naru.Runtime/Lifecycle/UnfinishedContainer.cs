using Naru.Base;
using Naru.Linux;
using Naru.Oci.Runtime;
using Naru.Runtime.Cgroups;
using Naru.Runtime.Hooks;
using Naru.Runtime.Resctrl;
using Naru.Runtime.SpecValidation;
using Naru.Runtime.State;

namespace Naru.Runtime.Lifecycle;

/// <summary>A container while create or restore makes it: what is noted of it on the disk, its cgroup and class of service, and how all of it is taken away again.</summary>
/// <param name="config">The bytes of config.json.</param>
internal sealed class UnfinishedContainer(StateFolder folder, CreateOptions options, byte[] config, Action<string> warn)
{
    private const int Sigkill = 9;

    public Spec Spec { get; } = SpecReader.Parse(config);

    /// <summary>As it was noted last.</summary>
    public ContainerState State { get; private set; } = new();

    /// <summary>Null until it is planned.</summary>
    public CgroupManager? Cgroup { get; private set; }

    /// <summary>Makes its folder: nobody else makes a container of that name from now on.</summary>
    public void Begin()
    {
        State = ContainerState.Begin(Spec, options);
        folder.Create(options.Id);
    }

    /// <summary>Notes where its cgroup will be, which is for the caller to make.</summary>
    public CgroupManager PlanCgroup()
    {
        var usersCgroup = RootlessChecks.HasUsersCgroup(options);
        var manager = CgroupManagers.For(Spec, options.Id, options.SystemdCgroup, usersCgroup);
        manager.Check(Spec.Linux?.Resources);
        Note(State with { Cgroups = manager.Cgroup.Folders, CgroupUnit = manager.Unit, RootlessCgroup = usersCgroup });
        return Cgroup = manager;
    }

    /// <summary>Notes whom to end if the runtime is killed. Where an unprivileged user may make no cgroup, there are fewer folders than were planned.</summary>
    public void NoteProcess(int pid) =>
        Note(State with { Cgroups = Cgroup!.Cgroup.Folders, Pid = pid, StartTime = Processes.TryInspect(pid)?.StartTime ?? 0 });

    /// <summary>The process's class of service, where one is asked for: that the machine has such was seen as the configuration was read.</summary>
    public void EnterClass(int pid)
    {
        if (Spec.Linux?.IntelRdt is not { } wanted)
            return;
        var group = new ResctrlGroup(ResctrlMount.Find()!, wanted, options.Id);
        Note(State with { Resctrl = group.Folder, ResctrlOwn = group.Own });
        group.Enter(pid);
    }

    /// <param name="pid">Its first process; 0: there is none.</param>
    public void Undo(int pid)
    {
        if (pid > 0)
        {
            Processes.Kill(pid, Sigkill);
            Processes.TryWait(pid);
        }

        // What was another's before is still: only what was made for this container is taken away.
        Cgroup?.Abandon();
        ResctrlGroup.Remove(State.ResctrlOwn);
        folder.Remove(options.Id);
        try
        {
            HookRunner.Run("poststop", Spec.Hooks?.Poststop, State.Describe("stopped", pid: 0));
        }
        catch (NaruException trouble)
        {
            warn($"unable to destroy container: {trouble.Message}");
        }
    }

    /// <summary>On the disk before it is there: a runtime that is killed leaves nothing that nobody knows of. A process whose pid is not noted yet has no cgroup to enter, and ends without it.</summary>
    private void Note(ContainerState made) => folder.Record(State = made);
}
