namespace Naru.Runtime;

/// <summary>Versions that the runtime states.</summary>
public static class RuntimeInfo
{
    /// <summary>The runtime-spec that is implemented.</summary>
    public const string SpecVersion = "1.2.1";
}
