namespace Naru.Linux;

/// <summary>A mounted cgroups(7) hierarchy.</summary>
/// <param name="Name">The v1 controllers as mounted («cpu», «cpu,cpuacct», «name=systemd»), or empty for the unified hierarchy (v2).</param>
/// <param name="Path">Where it is mounted.</param>
/// <param name="Root">The cgroup that is seen there: / but in a cgroup bind-mounted from above.</param>
public sealed record CgroupMount(string Name, string Path, string Root)
{
    public bool IsUnified => Name.Length == 0;

    public bool Has(string controller) => Name.Split(',').Contains(controller);
}
