namespace Naru.System.Tests.Images;

/// <summary>A test that needs Debian's docker-registry package; skipped, and said so, without it.</summary>
internal sealed class DebianRegistryFactAttribute : FactAttribute
{
    public DebianRegistryFactAttribute()
    {
        if (!DebianRegistry.IsInstalled)
            Skip = "docker-registry is not installed";
    }
}
