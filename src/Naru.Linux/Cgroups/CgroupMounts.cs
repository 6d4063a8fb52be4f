using System.Text;

namespace Naru.Linux;

/// <summary>Finds the machine's hierarchies: v1, hybrid (v1 with an empty v2 beside it) or v2 alone.</summary>
public static class CgroupMounts
{
    /// <summary>Reads /proc/self/mountinfo: the first mount of each hierarchy.</summary>
    public static IReadOnlyList<CgroupMount> Discover()
    {
        using var handle = Files.Open("/proc/self/mountinfo", OpenFlags.ReadOnly);
        return Parse(Files.ReadAll(handle));
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

    /// <summary>True where v2 is the only hierarchy.</summary>
    public static bool IsUnified(IReadOnlyList<CgroupMount> mounts) => mounts.Count == 1 && mounts[0].IsUnified;

    private static string ControllersOf(string superOptions)
    {
        var names = superOptions.Split(',').Where(option => option is not ("rw" or "ro" or "xattr" or "clone_children" or "noprefix")
            && !option.StartsWith("release_agent=", StringComparison.Ordinal));
        return string.Join(',', names);
    }
}
