using System.Text;

namespace Naru.Linux;

/// <summary>Changes the root of the calling process.</summary>
public static unsafe class RootSwitch
{
    /// <summary>pivot_root(".", "."): the current folder, a mount, becomes the root of the mount namespace; the old root lies on top of it and is detached.</summary>
    public static void PivotHere()
    {
        using var old = Files.Open("/", OpenFlags.ReadOnly | OpenFlags.Directory);
        var here = stackalloc byte[2];
        here[0] = (byte)'.';
        here[1] = 0;
        Errno.Check(Libc.syscall(Libc.SYS_pivot_root, (nuint)here, (nuint)here, 0, 0, 0), "pivot_root");
        // The old root's unmounting must not reach the host: slave first.
        Processes.ChangeFolder(old);
        Mounts.Mount(null, ".", null, MountFlags.Slave | MountFlags.Recursive);
        Errno.Check(Libc.umount2(".", Libc.MNT_DETACH), "umount", "old root");
        Processes.ChangeFolder("/");
    }

    /// <summary>Where pivot_root(2) cannot be (the root is the first of all, a ramfs): the mount at <paramref name="path"/> is moved over the root, and the process's root to it.</summary>
    /// <remarks>
    /// Procfs and sysfs of the old tree go first: they stay in the mount namespace, and the kernel lets a process mount a procfs of its own, without the masks
    /// of the one it was given, where a whole one is within its reach.
    /// </remarks>
    public static void MoveHere(string path)
    {
        foreach (var mount in KernelMounts(path))
            Remove(mount);
        Mounts.Mount(path, "/", null, MountFlags.Move);
        Processes.ChangeRoot(".");
        Processes.ChangeFolder("/");
    }

    /// <summary>Where whole procfs and sysfs are mounted outside <paramref name="path"/>.</summary>
    private static List<string> KernelMounts(string path)
    {
        var found = new List<string>();
        foreach (var line in (Files.TryReadText("/proc/self/mountinfo") ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // 36 35 98:0 /root /mount options optional - type source superoptions
            var words = line.Split(' ');
            var type = words[Array.IndexOf(words, "-") + 1];
            var place = Unescape(words[4]);
            if (words[3] == "/" && type is "proc" or "sysfs" && place != path && !place.StartsWith(path + "/", StringComparison.Ordinal))
                found.Add(place);
        }

        return found;
    }

    private static void Remove(string mount)
    {
        try
        {
            Mounts.Mount(null, mount, null, MountFlags.Slave | MountFlags.Recursive);
        }
        catch (LinuxException gone) when (gone.Number == Errno.ENOENT)
        {
            // It was below one that is gone already.
            return;
        }

        // Locked in a user namespace: it is covered instead.
        if (Libc.umount2(mount, Libc.MNT_DETACH) < 0)
            Mounts.Mount("tmpfs", mount, "tmpfs", MountFlags.None);
    }

    /// <summary>mountinfo writes space, tab, newline and backslash in octal.</summary>
    private static string Unescape(string text)
    {
        if (!text.Contains('\\'))
            return text;
        var plain = new StringBuilder();
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] != '\\' || index + 3 >= text.Length)
            {
                plain.Append(text[index]);
                continue;
            }

            plain.Append((char)(((text[index + 1] - '0') * 8 + text[index + 2] - '0') * 8 + text[index + 3] - '0'));
            index += 3;
        }

        return plain.ToString();
    }
}
