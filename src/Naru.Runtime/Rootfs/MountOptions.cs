using Naru.Linux;

namespace Naru.Runtime.Rootfs;

/// <summary>A mount's options, sorted by how the kernel takes them: flags, propagation, attributes for the whole tree, the rest as data for the file system.</summary>
internal sealed class MountOptions
{
    /// <summary>Flags that mount_setattr(2) can set on a whole tree (rro, rnosuid …).</summary>
    private const MountFlags Attributes = MountFlags.ReadOnly | MountFlags.NoSuid | MountFlags.NoDev | MountFlags.NoExec | MountFlags.NoDirAtime
        | MountFlags.RelAtime | MountFlags.NoAtime | MountFlags.StrictAtime | MountFlags.NoSymlinkFollow;

    public MountFlags Set { get; private init; }

    /// <summary>Flags that an option clears in so many words («rw», «exec»): where they cannot be cleared, the mount fails.</summary>
    public MountFlags Clear { get; private init; }

    public MountFlags RecursiveSet { get; private init; }

    public MountFlags RecursiveClear { get; private init; }

    public IReadOnlyList<MountFlags> Propagation { get; private init; } = [];

    /// <summary>What is left, for the file system itself.</summary>
    public string Data { get; private init; } = "";

    /// <summary>tmpcopyup: what the image has at the tmpfs' place is copied into it.</summary>
    public bool CopyUp { get; private init; }

    /// <summary>idmap or ridmap.</summary>
    public bool MapIds { get; private init; }

    /// <summary>ridmap: the mounts below are mapped too.</summary>
    public bool MapIdsRecursively { get; private init; }

    public bool IsBind => (Set & MountFlags.Bind) != 0;

    public static MountOptions Parse(IReadOnlyList<string>? options)
    {
        MountFlags set = 0, clear = 0, recursiveSet = 0, recursiveClear = 0;
        List<MountFlags>? propagation = null;
        var data = "";
        bool copyUp = false, mapIds = false, mapIdsRecursively = false;
        foreach (var option in options ?? [])
        {
            if (PropagationOf(option) is { } kind)
            {
                (propagation ??= []).Add(kind);
            }
            else if (FlagOf(option) is { } flag)
            {
                set = flag.Clear ? set & ~flag.Flag : set | flag.Flag;
                clear = flag.Clear ? clear | flag.Flag : clear & ~flag.Flag;
            }
            else if (option.Length > 1 && option[0] == 'r' && FlagOf(option[1..]) is { } recursive && (recursive.Flag & Attributes) != 0)
            {
                recursiveSet = recursive.Clear ? recursiveSet & ~recursive.Flag : recursiveSet | recursive.Flag;
                recursiveClear = recursive.Clear ? recursiveClear | recursive.Flag : recursiveClear & ~recursive.Flag;
            }
            else if (option == "tmpcopyup")
            {
                copyUp = true;
            }
            else if (option is "idmap" or "ridmap")
            {
                (mapIds, mapIdsRecursively) = (true, option == "ridmap");
            }
            else
            {
                data = data.Length == 0 ? option : $"{data},{option}";
            }
        }

        return new MountOptions
        {
            Set = set,
            Clear = clear,
            RecursiveSet = recursiveSet,
            RecursiveClear = recursiveClear,
            Propagation = propagation ?? [],
            Data = data,
            CopyUp = copyUp,
            MapIds = mapIds,
            MapIdsRecursively = mapIdsRecursively,
        };
    }

    /// <summary>The flags of a word of propagation, also of linux.rootfsPropagation; null for any other word.</summary>
    public static MountFlags? PropagationOf(string word) => word switch
    {
        "private" => MountFlags.Private,
        "rprivate" => MountFlags.Private | MountFlags.Recursive,
        "shared" => MountFlags.Shared,
        "rshared" => MountFlags.Shared | MountFlags.Recursive,
        "slave" => MountFlags.Slave,
        "rslave" => MountFlags.Slave | MountFlags.Recursive,
        "unbindable" => MountFlags.Unbindable,
        "runbindable" => MountFlags.Unbindable | MountFlags.Recursive,
        _ => null,
    };

    private static (bool Clear, MountFlags Flag)? FlagOf(string word) => word switch
    {
        "acl" or "defaults" => (false, MountFlags.None),
        "async" => (true, MountFlags.Synchronous),
        "atime" => (true, MountFlags.NoAtime),
        "bind" => (false, MountFlags.Bind),
        "dev" => (true, MountFlags.NoDev),
        "diratime" => (true, MountFlags.NoDirAtime),
        "dirsync" => (false, MountFlags.DirSync),
        "exec" => (true, MountFlags.NoExec),
        "iversion" => (false, MountFlags.InodeVersion),
        "lazytime" => (false, MountFlags.LazyTime),
        "loud" => (true, MountFlags.Silent),
        "mand" => (false, MountFlags.Mandlock),
        "noatime" => (false, MountFlags.NoAtime),
        "nodev" => (false, MountFlags.NoDev),
        "nodiratime" => (false, MountFlags.NoDirAtime),
        "noexec" => (false, MountFlags.NoExec),
        "noiversion" => (true, MountFlags.InodeVersion),
        "nolazytime" => (true, MountFlags.LazyTime),
        "nomand" => (true, MountFlags.Mandlock),
        "norelatime" => (true, MountFlags.RelAtime),
        "nostrictatime" => (true, MountFlags.StrictAtime),
        "nosuid" => (false, MountFlags.NoSuid),
        "nosymfollow" => (false, MountFlags.NoSymlinkFollow),
        "rbind" => (false, MountFlags.Bind | MountFlags.Recursive),
        "relatime" => (false, MountFlags.RelAtime),
        "remount" => (false, MountFlags.Remount),
        "ro" => (false, MountFlags.ReadOnly),
        "rw" => (true, MountFlags.ReadOnly),
        "silent" => (false, MountFlags.Silent),
        "strictatime" => (false, MountFlags.StrictAtime),
        "suid" => (true, MountFlags.NoSuid),
        "symfollow" => (true, MountFlags.NoSymlinkFollow),
        "sync" => (false, MountFlags.Synchronous),
        _ => null,
    };
}
