using System.Collections;

namespace Naru.Shim;

/// <summary>Environment variables between the shim's own processes and the runtime's.</summary>
internal static class ShimEnvironment
{
    /// <summary>The collector's first generation, in hexadecimal bytes: 256 KB.</summary>
    public const string SmallHeap = "DOTNET_GCgen0size=0x40000";

    /// <summary>Ours, without what is meant for this process's collector only.</summary>
    public static List<string> ForRuntime()
    {
        var kept = new List<string>();
        foreach (DictionaryEntry each in Environment.GetEnvironmentVariables())
        {
            if (each.Key is string name && !name.StartsWith("DOTNET_", StringComparison.Ordinal))
                kept.Add($"{name}={each.Value}");
        }
        return kept;
    }
}
