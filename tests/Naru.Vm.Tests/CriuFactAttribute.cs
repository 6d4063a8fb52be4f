namespace Naru.Vm.Tests;

/// <summary>A test of the published runtime that needs CRIU. Skipped, and says why, where there is none, or none that works on this kernel (Debian 12's does not on newer ones).</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CriuFactAttribute : FactAttribute
{
    private static readonly string? s_refusal = Refusal();

    /// <param name="feature">As <c>criu check --feature</c> names it; empty for none.</param>
    /// <param name="terminal">The test needs script(1).</param>
    public CriuFactAttribute(string feature = "", bool terminal = false)
    {
        Skip = s_refusal;
        if (Skip is null && terminal && Programs.Find("script") is null)
            Skip = "not installed: script";
        else if (Skip is null && feature.Length > 0 && Command.Run(Programs.Original("criu"), ["check", "--feature", feature]).Code != 0)
            Skip = $"CRIU, or the kernel, lacks {feature}";
    }

    private static string? Refusal()
    {
        if (Environment.UserName != "root")
            return "needs root";
        if (Programs.Find("busybox") is null || Programs.Find("criu") is not { } criu)
            return "not installed: busybox, criu";
        var checkedBy = Command.Run(criu, ["check"]);
        return checkedBy.Code == 0 ? null : $"CRIU does not work here: {(checkedBy.Out + checkedBy.Error).Split('\n')[0]}";
    }
}
