namespace Naru.Linux;

/// <summary>cgroup.type of v2's cgroups: whether they hold processes, or threads of processes elsewhere (cgroups(7), «threaded»).</summary>
public static class CgroupTypes
{
    /// <summary>«domain», «threaded», «domain threaded», «domain invalid»; null at the top, which has none.</summary>
    public static string? Of(string folder) => Files.TryReadText($"{folder}/cgroup.type")?.Trim();

    /// <summary>There is no way back.</summary>
    public static void MakeThreaded(string folder) => Files.WriteText($"{folder}/cgroup.type", "threaded");

    /// <summary>A folder and those above it that are cgroups with a type, the uppermost first.</summary>
    public static IEnumerable<string> FromTop(string folder)
    {
        var folders = new Stack<string>();
        for (var path = folder; path is not null && Of(path) is not null; path = Path.GetDirectoryName(path))
            folders.Push(path);
        return folders;
    }
}
