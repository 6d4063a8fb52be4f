namespace Naru.Runc.Tests;

/// <summary>A test of the published runtime that needs the controllers of cgroup v1, also beside v2's hierarchy. Skipped, and says why, where the machine has v2 alone.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class VersionOneFactAttribute : FactAttribute
{
    public VersionOneFactAttribute()
    {
        if (Environment.UserName != "root")
            Skip = "needs root";
        else if (Programs.Find("busybox") is null)
            Skip = "not installed: busybox";
        else if (ContainerCgroups.Unified)
            Skip = "needs cgroup v1";
    }
}
