namespace Naru.Runtime.Init;

/// <summary>For tests: with <c>NARU_RUNC_STRESS=collect</c> the collector runs at every step of a forked child, where it would otherwise run once in many thousand starts.</summary>
internal static class Stress
{
    private static readonly bool Collects = Environment.GetEnvironmentVariable("NARU_RUNC_STRESS") == "collect";

    /// <summary>Between two steps of a child.</summary>
    public static void Step()
    {
        if (Collects)
            GC.Collect();
    }
}
