namespace Naru.Linux;

/// <summary>A mounted cgroups(7) hierarchy.</summary>
/// <param name="Name">The v1 controllers as mounted («cpu», «cpu,cpuacct», «name=systemd»), or empty for the unified hierarchy (v2).</param>
/// <param name="Path">Where it is mounted.</param>
/// <param name="Root">The cgroup that is seen there: / but in a cgroup bind-mounted from above.</param>
public sealed record CgroupMount(string Name, string Path, string Root)
{
    /// <summary>The cgroup that the calling process is in, as /proc/self/cgroup names it: «/», «/user.slice/session-1.scope».</summary>
    public string Own { get; init; } = "/";

    public bool IsUnified => Name.Length == 0;

    public bool Has(string controller) => Name.Split(',').Contains(controller);

    /// <summary>The folder of a cgroup given by its path in the hierarchy, whichever part of that is mounted here.</summary>
    /// <param name="cgroup">«/» or «/a/b».</param>
    public string FolderOf(string cgroup)
    {
        var inside = Root != "/" && (cgroup == Root || cgroup.StartsWith(Root + "/", StringComparison.Ordinal)) ? cgroup[Root.Length..] : cgroup;
        return inside is "/" or "" ? Path : Path + inside;
    }
}
