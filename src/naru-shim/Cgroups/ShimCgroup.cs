using System.Globalization;
using System.Text;

namespace Naru.Shim.Cgroups;

/// <summary>The cgroup that the shim itself is to live in (the runtime option shim_cgroup), so that its memory is not containerd's.</summary>
internal static class ShimCgroup
{
    /// <summary>Moves this process into an existing cgroup of that path, in each hierarchy that has it.</summary>
    /// <exception cref="NaruException">NotFound: no hierarchy has it.</exception>
    public static void Enter(string path)
    {
        var pid = Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        var entered = false;
        foreach (var mount in CgroupMounts.Discover())
        {
            var processes = Path.Join(mount.Path, path, "cgroup.procs");
            if (!File.Exists(processes))
                continue;
            using var file = Descriptor.OpenWrite(processes);
            file.WriteAt(pid, 0);
            entered = true;
        }
        if (!entered)
            throw NaruException.NotFound($"failed to load cgroup {path}: not found");
    }
}
