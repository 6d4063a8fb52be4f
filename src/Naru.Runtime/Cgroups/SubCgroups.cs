using Naru.Base;

namespace Naru.Runtime.Cgroups;

/// <summary>The folders of a cgroup below a container's, as <c>exec --cgroup</c> names it: one path for all, or one for each controller (v1).</summary>
internal static class SubCgroups
{
    /// <param name="folders">The container's, by hierarchy.</param>
    /// <param name="words">«PATH», alone, or «CONTROLLER[,CONTROLLER]:PATH», several.</param>
    /// <exception cref="NaruException">InvalidArgument: an unknown controller, or a path that leads out.</exception>
    public static IReadOnlyDictionary<string, string> Of(IReadOnlyDictionary<string, string> folders, IReadOnlyList<string> words)
    {
        var paths = new Dictionary<string, string>();
        foreach (var word in words)
        {
            if (word.IndexOf(':') is >= 0 and var colon)
                Add(paths, word, word[..colon], word[(colon + 1)..]);
            else if (words.Count > 1)
                throw NaruException.Invalid($"invalid --cgroup argument: {word} (missing <controller>: prefix)");
            else
                return folders.ToDictionary(folder => folder.Key, folder => Below(folder.Value, word));
        }

        foreach (var controller in paths.Keys)
        {
            if (!folders.Keys.Any(names => names.Length > 0 && names.Split(',').Contains(controller)))
                throw NaruException.Invalid($"unknown controller {controller} in SubCgroupPaths");
        }

        return folders.ToDictionary(folder => folder.Key, folder => paths.Keys.FirstOrDefault(folder.Key.Split(',').Contains) is { } named ? Below(folder.Value, paths[named]) : folder.Value);
    }

    private static void Add(Dictionary<string, string> paths, string word, string controllers, string path)
    {
        foreach (var controller in controllers.Split(','))
        {
            if (controller.Length == 0)
                throw NaruException.Invalid($"invalid --cgroup argument: {word} (empty <controller> prefix)");
            if (!paths.TryAdd(controller, path))
                throw NaruException.Invalid($"invalid --cgroup argument(s): controller {controller} specified multiple times");
        }
    }

    private static string Below(string folder, string path)
    {
        var below = Path.GetFullPath($"{folder}/{path}").TrimEnd('/');
        return below == folder || below.StartsWith(folder + "/", StringComparison.Ordinal) ? below : throw NaruException.Invalid($"{below} is not a sub cgroup path");
    }
}
