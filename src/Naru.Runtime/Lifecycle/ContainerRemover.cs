using Naru.Base;
using Naru.Linux;
using Naru.Runtime.Hooks;
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
            folder.Remove(id);
            return;
        }

        var cgroup = new Cgroup(state.Cgroups);
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

        cgroup.Remove();
        folder.Remove(id);
        RunPoststop(state);
    }

    private void Kill(ContainerState state, Cgroup cgroup)
    {
        Processes.Kill(state.Pid, Sigkill);
        cgroup.Signal(Sigkill);
        for (var round = 0; round < 1000; round++)
        {
            if (folder.StatusOf(state) == "stopped")
                return;
            Thread.Sleep(round < 20 ? 1 : 10);
        }

        throw new NaruException(ErrorKind.DeadlineExceeded, "container init still running");
    }

    private static void RunPoststop(ContainerState state)
    {
        HookRunner.Run("poststop", state.Poststop, new Oci.Runtime.State
        {
            OciVersion = state.OciVersion,
            Id = state.Id,
            Status = "stopped",
            Pid = 0,
            Bundle = state.Bundle,
            Annotations = state.Annotations,
        });
    }
}
