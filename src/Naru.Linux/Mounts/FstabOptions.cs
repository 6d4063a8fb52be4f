namespace Naru.Linux;

/// <summary>fstab's option words, taken apart into mount(2)'s flags, propagation and the filesystem's own data.</summary>
public sealed record FstabOptions(MountFlags Flags, MountFlags Propagation, IReadOnlyList<string> Data)
{
    // mount(2) takes one page of data, its end included.
    private const int Page = 4096;

    public static FstabOptions Parse(IEnumerable<string> words)
    {
        var flags = MountFlags.None;
        var propagation = MountFlags.None;
        var data = new List<string>();
        foreach (var word in words)
        {
            switch (word)
            {
                case "bind": flags |= MountFlags.Bind; break;
                case "rbind": flags |= MountFlags.Bind | MountFlags.Recursive; break;
                case "ro": flags |= MountFlags.ReadOnly; break;
                case "nosuid": flags |= MountFlags.NoSuid; break;
                case "nodev": flags |= MountFlags.NoDev; break;
                case "noexec": flags |= MountFlags.NoExec; break;
                case "noatime": flags |= MountFlags.NoAtime; break;
                case "nodiratime": flags |= MountFlags.NoDirAtime; break;
                case "relatime": flags |= MountFlags.RelAtime; break;
                case "strictatime": flags |= MountFlags.StrictAtime; break;
                case "sync": flags |= MountFlags.Synchronous; break;
                case "dirsync": flags |= MountFlags.DirSync; break;
                case "remount": flags |= MountFlags.Remount; break;
                case "private": propagation |= MountFlags.Private; break;
                case "rprivate": propagation |= MountFlags.Private | MountFlags.Recursive; break;
                case "slave": propagation |= MountFlags.Slave; break;
                case "rslave": propagation |= MountFlags.Slave | MountFlags.Recursive; break;
                case "shared": propagation |= MountFlags.Shared; break;
                case "rshared": propagation |= MountFlags.Shared | MountFlags.Recursive; break;
                case "rw" or "suid" or "dev" or "exec" or "atime" or "async" or "defaults" or "loud" or "": break;
                default: data.Add(word); break;
            }
        }
        return new FstabOptions(flags, propagation, data);
    }

    /// <summary>Mounts with these options; a bind that is to be read-only takes the second mount(2) that the kernel asks for.</summary>
    /// <remarks>An overlay of more layers than fit a page is given by folder names relative to what the layers' paths share, which makes this process's working directory move for a moment.</remarks>
    public void Mount(string type, string source, string target)
    {
        var binds = Flags.HasFlag(MountFlags.Bind);
        var data = string.Join(',', Data);
        if (data.Length >= Page && type == "overlay")
            MountRelative(source, target);
        else
            Mounts.Mount(source, target, type is "" or "bind" ? null : type, Flags, data.Length == 0 ? null : data);
        const MountFlags perMount = MountFlags.ReadOnly | MountFlags.NoSuid | MountFlags.NoDev | MountFlags.NoExec;
        if (binds && (Flags & perMount) != 0)
            Mounts.Mount(null, target, null, MountFlags.Remount | MountFlags.Bind | (Flags & ~MountFlags.Recursive));
        if (Propagation != MountFlags.None)
            Mounts.Mount(null, target, null, Propagation);
    }

    private void MountRelative(string source, string target)
    {
        const string key = "lowerdir=";
        var lower = Data.First(each => each.StartsWith(key, StringComparison.Ordinal))[key.Length..].Split(':');
        var common = Path.GetDirectoryName(lower[0])!;
        while (common.Length > 1 && !lower.All(each => each.StartsWith(common + "/", StringComparison.Ordinal)))
            common = Path.GetDirectoryName(common)!;
        var words = Data.Select(each => each.StartsWith(key, StringComparison.Ordinal) ? key + string.Join(':', lower.Select(path => path[(common.Length + 1)..])) : each);
        var data = string.Join(',', words);
        if (data.Length >= Page)
            throw new LinuxException(Errno.E2BIG, "mount", target);
        var before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = common;
        try
        {
            Mounts.Mount(source, Path.GetFullPath(target, before), "overlay", Flags, data);
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }
}
