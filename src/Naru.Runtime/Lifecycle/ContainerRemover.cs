using Naru.Base;
using Naru.Linux;
using Naru.Runtime.Cgroups;
using Naru.Runtime.Hooks;
using Naru.Runtime.Resctrl;
using Naru.Runtime.State;

namespace Naru.Runtime.Lifecycle;

/// <summary>Deletes what a container leaves: processes, cgroup, folder, in this order, so that a crash half way can be finished later.</summary>
internal sealed class ContainerRemover(StateFolder folder)
{
    private const int Sigkill = 9;

    /// <param name="force">Kills what still runs, and takes a container that is not there, or half made, for deleted.</param>
    public void Delete(string id, bool force)
    {
        var state = folder.TryLoad(id);
        if (state is null)
        {
            if (!force)
                throw NaruException.NotFound("container does not exist");
            DeleteHalfMade(id);
            return;
        }

        var manager = CgroupManagers.Of(state);
        var cgroup = manager.Cgroup;
        var status = folder.StatusOf(state);
        if (status != "stopped")
        {
            // A container that was never started may be deleted as it is.
            if (!force && status != "created")
                throw NaruException.Precondition($"cannot delete container {id} that is not stopped: {status}");
            Kill(state, cgroup);
        }
        else if (state.SharedPid)
        {
            cgroup.Signal(Sigkill);
        }

        manager.Remove();
        ResctrlGroup.Remove(state.ResctrlOwn);
        folder.Remove(id);
        HookRunner.Run("poststop", state.Poststop, state.Describe("stopped", pid: 0));
    }

    /// <summary>The container has had its end: trouble with what is left does not change how it ended.</summary>
    public void DeleteEnded(string id, Action<string> warn)
    {
        try
        {
            Delete(id, force: true);
        }
        catch (NaruException trouble)
        {
            warn($"unable to destroy container: {trouble.Message}");
        }
    }

    /// <summary>What a create left that was cut off. A cgroup that held others' processes before is noted too, and is left alone: only one with a process of the container's is its own.</summary>
    private void DeleteHalfMade(string id)
    {
        if (folder.TryLoadRecord(id) is { } record)
        {
            var manager = CgroupManagers.Of(record);
            var cgroup = manager.Cgroup;
            if (record.Pid != 0)
            {
                if (folder.StatusOf(record) != "stopped")
                    Kill(record, cgroup);
                else
                    cgroup.Signal(Sigkill);
            }

            // A process whose pid was not noted yet ends by itself, as nobody tells it to go on.
            for (var round = 0; record.Pid == 0 && round < 100 && cgroup.Processes().Count > 0; round++)
                Thread.Sleep(5);
            if (record.Pid != 0 || cgroup.Processes().Count == 0)
                manager.Remove();
            ResctrlGroup.Remove(record.ResctrlOwn);
        }

        folder.Remove(id);
    }

    private void Kill(ContainerState state, Cgroup cgroup)
    {
        Processes.Kill(state.Pid, state.StartTime, Sigkill);
        cgroup.Signal(Sigkill);
        for (var round = 0; round < 1000; round++)
        {
            if (folder.StatusOf(state) == "stopped")
                return;
            Thread.Sleep(round < 20 ? 1 : 10);
        }

        throw new NaruException(ErrorKind.DeadlineExceeded, "container init still running");
    }
}
