using Naru.Base;
using Naru.Linux;
using Naru.Oci.Runtime;

namespace Naru.Runtime.Cgroups;

/// <summary>
/// How one container's cgroup is made, limited and removed. What is asked of any cgroup, whoever made it (its processes, its freezer, its numbers), is asked of <see cref="Cgroup"/>.
/// </summary>
/// <remarks>
/// In order: <see cref="Check"/> before anything is made; <see cref="MakeUnified"/>, and the first process is forked by way of <see cref="OpenEntry"/>; <see cref="Make"/> and
/// <see cref="Adopt"/> while it is at work already; <see cref="Limit"/> before it enters what it was not born in, and before it runs anything of the container's; <see cref="Remove"/> at the end, or
/// <see cref="Abandon"/> after a failure. Later commands find the manager again by what state.json keeps: the folders, and systemd's unit where there is one.
/// </remarks>
internal abstract class CgroupManager(Cgroup cgroup)
{
    private const int Sigkill = 9;

    public Cgroup Cgroup { get; } = cgroup;

    /// <summary>The name of systemd's unit; null where the folders are the runtime's own.</summary>
    public virtual string? Unit => null;

    /// <summary>It is there, and was made for this container: to be removed with it.</summary>
    protected bool IsOurs { get; set; }

    /// <summary>What this hierarchy cannot do.</summary>
    /// <exception cref="NaruException">By the resource's name.</exception>
    public abstract void Check(Resources? resources);

    /// <summary>Makes what the first process is born in. Nothing is left of a failure.</summary>
    /// <exception cref="NaruException">FailedPrecondition: it holds others' processes, or is frozen.</exception>
    public abstract void MakeUnified(Resources? resources);

    /// <summary>Makes the rest.</summary>
    /// <exception cref="NaruException">As <see cref="MakeUnified"/>.</exception>
    public virtual void Make(Resources? resources)
    {
    }

    /// <summary>The way in for the container's first process.</summary>
    public virtual CgroupEntry OpenEntry() => Cgroup.OpenEntry();

    /// <summary>The way in for a process that joins later.</summary>
    public virtual CgroupEntry OpenLaterEntry() => OpenEntry();

    /// <summary>After the fork: opens the doors of what the process was not born in.</summary>
    public virtual void OpenDoors(CgroupEntry entry) => entry.Open(Cgroup);

    /// <summary>Takes in the first process, where it cannot enter by itself.</summary>
    public virtual void Adopt(int pid, Resources? resources)
    {
    }

    /// <summary>Takes in a process that joins later, where it cannot enter by itself.</summary>
    public virtual void AdoptLater(int pid)
    {
    }

    /// <summary>Sets all limits and device rules.</summary>
    public abstract void Limit(Resources? resources);

    /// <summary>Sets limits anew; device rules stay as they are.</summary>
    public abstract void Update(Resources resources);

    /// <summary>Removes the cgroup, with what is below it. No process may be in it any more.</summary>
    public virtual void Remove() => Cgroup.Remove();

    /// <summary>After a failure, with the first process gone: takes away what was made, and nothing of another's.</summary>
    public virtual void Abandon()
    {
        if (!IsOurs)
            return;
        Cgroup.Signal(Sigkill);
        Remove();
    }

    /// <summary>Another's processes must not come under this container's limits, nor be killed with it.</summary>
    protected void CheckFree()
    {
        if (Cgroup.Processes().Count is > 0 and var count)
            throw NaruException.Precondition($"container's cgroup is not empty: {count} process(es) found");
        if (Cgroup.IsFrozen)
            throw NaruException.Precondition("container's cgroup unexpectedly frozen");
    }
}
