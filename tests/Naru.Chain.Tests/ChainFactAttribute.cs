namespace Naru.Chain.Tests;

/// <summary>A test of the published programs. Skipped, and says why, without root or without an original that it needs.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ChainFactAttribute : FactAttribute
{
    /// <param name="originals">Programs that must be installed.</param>
    public ChainFactAttribute(params string[] originals)
    {
        var missing = originals.Append("busybox").Where(name => Programs.Find(name) is null).ToArray();
        if (Environment.UserName != "root")
        {
            Skip = "needs root";
        }
        else if (missing.Length > 0)
        {
            Skip = $"not installed: {string.Join(", ", missing)}";
        }
    }
}
