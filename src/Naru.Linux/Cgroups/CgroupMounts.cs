using System.Text;

namespace Naru.Linux;

/// <summary>Finds the machine's hierarchies: v1, hybrid (v1 with an empty v2 beside it) or v2 alone.</summary>
public static class CgroupMounts
{
    private const string Usual = "/sys/fs/cgroup";

    private const long Version1Magic = 0x27e0eb, Version2Magic = 0x63677270;

    /// <summary>Where each hierarchy is mounted: at its usual place, or else where /proc/self/mountinfo first has it.</summary>
    public static IReadOnlyList<CgroupMount> Discover()
    {
        // The kernel writes a line of mountinfo for each mount of each container: looking at the usual places takes a tenth of the time.
        var hierarchies = Files.TryReadText("/proc/self/cgroup") ?? "";
        if (AtUsualPlaces(hierarchies) is { } usual)
            return usual;
        using var handle = Files.Open("/proc/self/mountinfo", OpenFlags.ReadOnly);
        return Parse(Files.ReadAll(handle)).Select(mount => mount with { Own = OwnIn(hierarchies, mount.Name) }).ToList();
    }

    /// <summary>The path of a hierarchy's line in the text of a /proc/PID/cgroup; «/» where there is none.</summary>
    /// <param name="name">As <see cref="CgroupMount.Name"/>, or one controller of several that are mounted together.</param>
    public static string OwnIn(string hierarchies, string name)
    {
        foreach (var line in hierarchies.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Split(':', 3) is [_, var names, var path] && (names == name || (name.Length > 0 && names.Split(',').Contains(name))))
                return path;
        }

        return "/";
    }

    /// <summary>As <see cref="Discover"/>, of a given text. A machine may have thousands of mounts: only the lines of cgroups become strings.</summary>
    public static IReadOnlyList<CgroupMount> Parse(ReadOnlySpan<byte> mountInfo)
    {
        var found = new List<CgroupMount>();
        foreach (var range in mountInfo.Split((byte)'\n'))
        {
            // 36 35 98:0 /root /mount options - type source superoptions
            var line = mountInfo[range];
            var separator = line.IndexOf(" - cgroup"u8);
            if (separator < 0)
                continue;
            var left = Encoding.UTF8.GetString(line[..separator]).Split(' ');
            var right = Encoding.UTF8.GetString(line[(separator + 3)..]).Split(' ');
            var name = right[0] == "cgroup2" ? "" : ControllersOf(right[2]);
            if (found.TrueForAll(mount => mount.Name != name))
                found.Add(new CgroupMount(name, left[4], left[3]));
        }

        return found;
    }

    /// <summary>By the lines «9:cpu,cpuacct:/path» of a process's cgroups; null when one is not where it usually is.</summary>
    private static List<CgroupMount>? AtUsualPlaces(string hierarchies)
    {
        if (TypeOf(Usual) == Version2Magic)
            return [new CgroupMount("", Usual, "/") { Own = OwnIn(hierarchies, "") }];
        var found = new List<CgroupMount>();
        foreach (var line in hierarchies.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Split(':', 3) is not [_, var name, var own])
                continue;
            var path = name.Length == 0 ? $"{Usual}/unified" : $"{Usual}/{(name.StartsWith("name=", StringComparison.Ordinal) ? name[5..] : name)}";
            var type = TypeOf(path);
            if (type == (name.Length == 0 ? Version2Magic : Version1Magic))
                found.Add(new CgroupMount(name, path, "/") { Own = own });
            else if (name.Length > 0)
                return null;
        }

        return found.Count > 0 ? found : null;
    }

    private static long TypeOf(string path)
    {
        using var folder = Files.TryOpen(path, OpenFlags.PathOnly | OpenFlags.Directory);
        return folder is null ? 0 : Files.FileSystem(folder).Type;
    }

    /// <summary>True where v2 is the only hierarchy.</summary>
    public static bool IsUnified(IReadOnlyList<CgroupMount> mounts) => mounts.Count == 1 && mounts[0].IsUnified;

    private static string ControllersOf(string superOptions)
    {
        var names = superOptions.Split(',').Where(option => option is not ("rw" or "ro" or "xattr" or "clone_children" or "noprefix")
            && !option.StartsWith("release_agent=", StringComparison.Ordinal));
        return string.Join(',', names);
    }
}
