namespace Naru.Chain.Tests;

/// <summary>A theory that needs root and a docker client whose words ours are: 28. Skipped, and says why, without.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ComparisonTheoryAttribute : TheoryAttribute
{
    public ComparisonTheoryAttribute()
    {
        if (Environment.UserName != "root")
        {
            Skip = "needs root";
        }
        else if (Programs.Find("busybox") is null || Programs.Find("script") is null)
        {
            Skip = "not installed: busybox, script";
        }
        else if (Programs.Find("docker") is not { } docker || !Command.Run(docker, ["--version"]).Out.StartsWith("Docker version 28.", StringComparison.Ordinal))
        {
            Skip = "needs the docker client 28";
        }
    }
}
