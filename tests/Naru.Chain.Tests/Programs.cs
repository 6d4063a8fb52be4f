namespace Naru.Chain.Tests;

/// <summary>Where the published programs and the originals are.</summary>
public static class Programs
{
    /// <summary>The repository's root, found upwards from the test's own assembly.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The published programs: NARU_BIN, else out/bin.</summary>
    public static string Folder { get; } = Environment.GetEnvironmentVariable("NARU_BIN") ?? Path.Combine(Root, "out/bin");

    public static string Naru => Path.Combine(Folder, "naru");

    public static string Narud => Path.Combine(Folder, "narud");

    public static string NaruContainerd => Path.Combine(Folder, "naru-containerd");

    public static string NaruShim => Path.Combine(Folder, "naru-shim");

    public static string NaruHub => Path.Combine(Folder, "naru-hub");

    public static string NaruRunc => Path.Combine(Folder, "naru-runc");

    /// <summary>A program's path, looked for on PATH and where Debian puts daemons; null when it is not installed.</summary>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Append("/sbin")
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>The original of that name; only for tests that <see cref="ChainFactAttribute"/> skips without it.</summary>
    public static string Original(string name) => Find(name) ?? throw new FileNotFoundException($"{name} is not installed");

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Naru.slnx")))
            {
                return folder;
            }
        }
        throw new InvalidOperationException($"no Naru.slnx above {AppContext.BaseDirectory}");
    }
}
