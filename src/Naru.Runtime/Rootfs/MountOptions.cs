using Naru.Linux;

namespace Naru.Runtime.Rootfs;

/// <summary>A mount's options, sorted by how the kernel takes them: flags, propagation, the rest as data for the file system.</summary>
internal sealed class MountOptions
{
    private static readonly Dictionary<string, (bool Clear, MountFlags Flag)> Flags = new()
    {
        ["acl"] = (false, MountFlags.None),
        ["async"] = (true, MountFlags.Synchronous),
        ["atime"] = (true, MountFlags.NoAtime),
        ["bind"] = (false, MountFlags.Bind),
        ["defaults"] = (false, MountFlags.None),
        ["dev"] = (true, MountFlags.NoDev),
        ["diratime"] = (true, MountFlags.NoDirAtime),
        ["dirsync"] = (false, MountFlags.DirSync),
        ["exec"] = (true, MountFlags.NoExec),
        ["loud"] = (true, MountFlags.Silent),
        ["mand"] = (false, MountFlags.Mandlock),
        ["noatime"] = (false, MountFlags.NoAtime),
        ["nodev"] = (false, MountFlags.NoDev),
        ["nodiratime"] = (false, MountFlags.NoDirAtime),
        ["noexec"] = (false, MountFlags.NoExec),
        ["nomand"] = (true, MountFlags.Mandlock),
        ["norelatime"] = (true, MountFlags.RelAtime),
        ["nostrictatime"] = (true, MountFlags.StrictAtime),
        ["nosuid"] = (false, MountFlags.NoSuid),
        ["nosymfollow"] = (false, MountFlags.NoSymlinkFollow),
        ["symfollow"] = (true, MountFlags.NoSymlinkFollow),
        ["rbind"] = (false, MountFlags.Bind | MountFlags.Recursive),
        ["relatime"] = (false, MountFlags.RelAtime),
        ["remount"] = (false, MountFlags.Remount),
        ["ro"] = (false, MountFlags.ReadOnly),
        ["rw"] = (true, MountFlags.ReadOnly),
        ["silent"] = (false, MountFlags.Silent),
        ["strictatime"] = (false, MountFlags.StrictAtime),
        ["suid"] = (true, MountFlags.NoSuid),
        ["sync"] = (false, MountFlags.Synchronous),
        ["lazytime"] = (false, MountFlags.LazyTime),
        ["nolazytime"] = (true, MountFlags.LazyTime),
    };

    private static readonly Dictionary<string, MountFlags> Propagations = new()
    {
        ["private"] = MountFlags.Private,
        ["rprivate"] = MountFlags.Private | MountFlags.Recursive,
        ["shared"] = MountFlags.Shared,
        ["rshared"] = MountFlags.Shared | MountFlags.Recursive,
        ["slave"] = MountFlags.Slave,
        ["rslave"] = MountFlags.Slave | MountFlags.Recursive,
        ["unbindable"] = MountFlags.Unbindable,
        ["runbindable"] = MountFlags.Unbindable | MountFlags.Recursive,
    };

    public MountFlags Set { get; private init; }

    /// <summary>Flags that an option clears in so many words («rw», «exec»): a bind's remount must not inherit them.</summary>
    public MountFlags Clear { get; private init; }

    public MountFlags RecursiveSet { get; private init; }

    public MountFlags RecursiveClear { get; private init; }

    public IReadOnlyList<MountFlags> Propagation { get; private init; } = [];

    public string Data { get; private init; } = "";

    public bool CopyUp { get; private init; }

    public bool IsBind => Set.HasFlag(MountFlags.Bind);

    public static MountOptions Parse(IReadOnlyList<string>? options)
    {
        MountFlags set = 0, clear = 0, recursiveSet = 0, recursiveClear = 0;
        var propagation = new List<MountFlags>();
        var data = new List<string>();
        var copyUp = false;
        foreach (var option in options ?? [])
        {
            if (Propagations.TryGetValue(option, out var kind))
            {
                propagation.Add(kind);
            }
            else if (Flags.TryGetValue(option, out var flag))
            {
                set = flag.Clear ? set & ~flag.Flag : set | flag.Flag;
                clear = flag.Clear ? clear | flag.Flag : clear & ~flag.Flag;
            }
            else if (option.Length > 1 && option[0] == 'r' && Flags.TryGetValue(option[1..], out var recursive))
            {
                recursiveSet = recursive.Clear ? recursiveSet & ~recursive.Flag : recursiveSet | recursive.Flag;
                recursiveClear = recursive.Clear ? recursiveClear | recursive.Flag : recursiveClear & ~recursive.Flag;
            }
            else if (option == "tmpcopyup")
            {
                copyUp = true;
            }
            else
            {
                data.Add(option);
            }
        }

        return new MountOptions
        {
            Set = set,
            Clear = clear,
            RecursiveSet = recursiveSet,
            RecursiveClear = recursiveClear,
            Propagation = propagation,
            Data = string.Join(',', data),
            CopyUp = copyUp,
        };
    }

    /// <summary>The flag of linux.rootfsPropagation; null for an unknown word.</summary>
    public static MountFlags? PropagationOf(string word) => Propagations.TryGetValue(word, out var kind) ? kind : null;
}
