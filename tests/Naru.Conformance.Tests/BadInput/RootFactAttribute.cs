namespace Naru.Conformance.Tests.BadInput;

/// <summary>A test that mounts something. Skipped, and says why, without root.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute() => Skip = Environment.UserName == "root" ? null : "needs root";
}
