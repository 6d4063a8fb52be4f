namespace Naru.Runc.Tests;

/// <summary>A test of the published runtime that needs cgroups of one version, or systemd. Skipped, and says why, where the machine has others.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CgroupFactAttribute : FactAttribute
{
    /// <param name="version">1 (or hybrid) or 2.</param>
    /// <param name="systemd">systemd must run.</param>
    public CgroupFactAttribute(int version, bool systemd = false)
    {
        if (Environment.UserName != "root")
            Skip = "needs root";
        else if (Programs.Find("busybox") is null)
            Skip = "not installed: busybox";
        else if (File.Exists("/sys/fs/cgroup/cgroup.controllers") != (version == 2))
            Skip = $"needs cgroup v{version}";
        else if (systemd && !Directory.Exists("/run/systemd/system"))
            Skip = "needs systemd";
    }
}
