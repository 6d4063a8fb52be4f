using Naru.Base;

namespace Naru.Runtime.Cgroups;

/// <summary>Cgroups below a container's, in which an exec may run (--cgroup).</summary>
internal static class SubCgroups
{
    /// <summary>«PATH», or «CONTROLLER[,CONTROLLER]:PATH» each, as paths by controller; that of "" is for all.</summary>
    /// <exception cref="NaruException">InvalidArgument</exception>
    public static IReadOnlyDictionary<string, string> Parse(IReadOnlyList<string> arguments)
    {
        var paths = new Dictionary<string, string>();
        foreach (var argument in arguments)
        {
            var parts = argument.Split(':');
            if (parts.Length > 2)
                throw NaruException.Invalid($"invalid --cgroup argument: {argument}");
            if (parts.Length == 1)
            {
                if (arguments.Count != 1)
                    throw NaruException.Invalid($"invalid --cgroup argument: {argument} (missing <controller>: prefix)");
                paths[""] = argument;
                continue;
            }

            foreach (var controller in parts[0].Split(','))
            {
                if (controller.Length == 0)
                    throw NaruException.Invalid($"invalid --cgroup argument: {argument} (empty <controller> prefix)");
                if (!paths.TryAdd(controller, parts[1]))
                    throw NaruException.Invalid($"invalid --cgroup argument(s): controller {controller} specified multiple times");
            }
        }

        return paths;
    }

    /// <param name="folders">The container's, by hierarchy.</param>
    /// <param name="paths">As <see cref="Parse"/> gives them.</param>
    /// <returns>The folders to be entered, which are there.</returns>
    /// <exception cref="NaruException"/>
    public static IReadOnlyDictionary<string, string> Below(IReadOnlyDictionary<string, string> folders, IReadOnlyDictionary<string, string> paths)
    {
        if (paths.Count == 0)
            return folders;
        var below = new Dictionary<string, string>(folders);
        foreach (var (controller, path) in paths)
        {
            var isFound = false;
            foreach (var (hierarchy, folder) in folders)
            {
                if (controller.Length > 0 && (hierarchy.Length == 0 || !hierarchy.Split(',').Contains(controller)))
                    continue;
                below[hierarchy] = Folder(folder, path);
                isFound = true;
            }

            if (!isFound)
                throw NaruException.Invalid($"unable to create new parent process: unknown controller {controller} in SubCgroupPaths");
        }

        // Looked at before there is a process, and none is made elsewhere.
        foreach (var folder in below.Values)
        {
            if (!Directory.Exists(folder))
                throw NaruException.NotFound($"unable to start container process: error adding pid 0 to cgroups: failed to write 0: openat2 {folder}/cgroup.procs: no such file or directory");
        }

        return below;
    }

    private static string Folder(string container, string path)
    {
        var folder = Path.GetFullPath($"{container}/{path}").TrimEnd('/');
        return folder == container || folder.StartsWith(container + "/", StringComparison.Ordinal)
            ? folder
            : throw NaruException.Invalid($"unable to create new parent process: {path} is not a sub cgroup path");
    }
}
