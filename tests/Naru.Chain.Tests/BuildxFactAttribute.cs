namespace Naru.Chain.Tests;

/// <summary>A test of docker's own build client against narud. Skipped, and says why, where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BuildxFactAttribute : FactAttribute
{
    private static readonly string[] Folders =
    [
        "/usr/libexec/docker/cli-plugins", "/usr/lib/docker/cli-plugins", "/usr/local/lib/docker/cli-plugins",
        Path.Combine(Environment.GetEnvironmentVariable("HOME") ?? "/root", ".docker/cli-plugins"),
    ];

    public BuildxFactAttribute()
    {
        if (Environment.UserName != "root")
            Skip = "needs root";
        else if (Buildx is null)
            Skip = "not installed: docker-buildx";
    }

    /// <summary>The plugin, which runs by itself too.</summary>
    public static string? Buildx => Programs.Find("docker-buildx") ?? Array.Find(Folders, folder => File.Exists(Path.Combine(folder, "docker-buildx"))) switch
    {
        { } folder => Path.Combine(folder, "docker-buildx"),
        null => null,
    };
}
