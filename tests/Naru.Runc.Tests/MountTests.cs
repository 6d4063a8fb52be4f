using System.Text.Json.Nodes;

namespace Naru.Runc.Tests;

/// <summary>mounts: every kind and option, seen from inside.</summary>
public sealed class MountTests : IDisposable
{
    private readonly string _id = $"ncm-{Guid.NewGuid():N}"[..16];
    private readonly Bundle _bundle = new("true");

    public MountTests()
    {
        Directory.CreateDirectory(_bundle.Folder["from/below"]);
        File.WriteAllText(_bundle.Folder["from/file"], "content\n");
        Directory.CreateDirectory(_bundle.Folder["rootfs/mnt"]);
        Command.Must("chmod", "777", _bundle.Folder["rootfs/mnt"]);
    }

    public void Dispose() => _bundle.Dispose();

    [ChainFact]
    public void A_folder_and_a_file_are_bound_where_they_are_asked_for()
    {
        var result = Run("cat /mnt/file /new/a/b; stat -c %F /new/a/b; echo x >/mnt/written", spec =>
        {
            spec.Bind("/mnt", _bundle.Folder["from"]);
            // a source is relative to the bundle, a destination to the root
            spec.Bind("new/a/b", "from/file");
        });
        Assert.Equal("content\ncontent\nregular file\n", result.Out);
        Assert.Equal("x\n", File.ReadAllText(_bundle.Folder["from/written"]));
    }

    [ChainFact]
    public void A_device_can_be_bound() =>
        Assert.Equal("1\n", Run("head -c1 /dev/zero2 | wc -c", spec => spec.Bind("/dev/zero2", "/dev/zero")).Out);

    [ChainTheory]
    [InlineData("ro", "ro,relatime")]
    [InlineData("nosuid,nodev,noexec", "rw,nosuid,nodev,noexec,relatime")]
    [InlineData("noatime,nodiratime", "rw,noatime,nodiratime")]
    [InlineData("strictatime", "rw")]
    [InlineData("nosymfollow", "rw,relatime,nosymfollow")]
    [InlineData("ro,rw", "rw,relatime")]
    [InlineData("rro", "ro,relatime")]
    [InlineData("rnosuid,rnodev,rnoexec,rnosymfollow", "rw,nosuid,nodev,noexec,relatime,nosymfollow")]
    [InlineData("rnoatime,rnodiratime", "rw,noatime,nodiratime")]
    [InlineData("rstrictatime", "rw")]
    [InlineData("noatime,rrelatime", "rw,relatime")]
    [InlineData("noatime,ratime", "rw,relatime")]
    [InlineData("ro,rrw", "rw,relatime")]
    [InlineData("nosuid,nodev,noexec,rsuid,rdev,rexec", "rw,relatime")]
    public void A_bind_has_the_flags_of_its_options(string options, string shown)
    {
        var result = Run(Shown("/mnt", 6), spec => spec.Bind("/mnt", _bundle.Folder["from"], options.Split(',')));
        Assert.Equal(shown + "\n", result.Out);
    }

    [ChainFact]
    public void Attributes_of_a_tree_reach_the_mounts_below()
    {
        using var below = new Tmpfs(_bundle.Folder["from/below"], "");
        Assert.Equal("ro,relatime\nrw,relatime\n", Run(Shown("/mnt", 6) + ";" + Shown("/mnt/below", 6), spec => spec.Bind("/mnt", _bundle.Folder["from"], "rbind", "ro")).Out);
        Assert.Equal("ro,relatime\nro,relatime\n", Run(Shown("/mnt", 6) + ";" + Shown("/mnt/below", 6), spec => spec.Bind("/mnt", _bundle.Folder["from"], "rbind", "rro")).Out);
        // without rbind what is mounted below stays behind
        Assert.Equal("0\n", Run("grep -c ' /mnt/below ' /proc/self/mountinfo", spec => spec.Bind("/mnt", _bundle.Folder["from"])).Out);
    }

    [ChainTheory]
    [InlineData("rbind,shared", "shared:")]
    [InlineData("rbind,rslave", "master:")]
    [InlineData("rbind,private", "")]
    [InlineData("rbind,unbindable", "unbindable")]
    [InlineData("rbind,private,shared", "shared:")]
    public void Propagation_is_that_of_the_options(string options, string shown)
    {
        // on the host it is shared, whatever is usual there
        var from = _bundle.Folder["from"];
        Command.Must("mount", "--bind", from, from);
        try
        {
            Command.Must("mount", "--make-shared", from);
            var result = Run("grep ' /mnt ' /proc/self/mountinfo | sed 's/ - .*//' | cut -d' ' -f7 | tr -d 0-9", spec => spec.Bind("/mnt", from, options.Split(',')));
            Assert.Equal(shown, result.Out.Trim());
        }
        finally
        {
            Command.Must("umount", from);
        }
    }

    [ChainFact]
    public void A_tmpfs_takes_the_mode_of_the_folder_it_covers_unless_it_is_told_another()
    {
        Command.Must("chmod", "1741", _bundle.Folder["rootfs/mnt"]);
        var result = Run("stat -c %a /mnt /other; touch /mnt/x 2>&1; touch /other/x; df -k /other | tail -1 | tr -s ' ' | cut -d' ' -f2", spec =>
        {
            spec.Mount("/mnt", "tmpfs", "tmpfs", "ro");
            spec.Mount("/other", "tmpfs", "tmpfs", "mode=0700", "size=1m");
        });
        Assert.Equal("1741\n700\ntouch: /mnt/x: Read-only file system\n1024\n", result.Out);
    }

    [ChainFact]
    public void A_tmpfs_can_begin_with_what_the_image_has_there()
    {
        Directory.CreateDirectory(_bundle.Folder["rootfs/mnt/folder"]);
        File.WriteAllText(_bundle.Folder["rootfs/mnt/folder/file"], "of the image\n");
        File.CreateSymbolicLink(_bundle.Folder["rootfs/mnt/link"], "folder/file");
        Command.Must("chown", "5:6", _bundle.Folder["rootfs/mnt/folder/file"]);
        Command.Must("chmod", "4755", _bundle.Folder["rootfs/mnt/folder/file"]);
        var result = Run("cat /mnt/link; stat -c '%u %g %a' /mnt/folder/file; rm /mnt/link; stat -f -c %T /mnt", spec => spec.Mount("/mnt", "tmpfs", "tmpfs", "tmpcopyup"));
        Assert.Equal("of the image\n5 6 4755\ntmpfs\n", result.Out);
        Assert.Equal("of the image\n", File.ReadAllText(_bundle.Folder["rootfs/mnt/link"]));
    }

    [ChainFact]
    public void Files_are_shown_under_the_ids_of_a_mounts_own_mappings()
    {
        Command.Must("chown", "3:4", _bundle.Folder["from/file"]);
        var result = Run("stat -c '%u %g' /mnt/file /plain/file; touch /mnt/new", spec =>
        {
            var mount = spec.Bind("/mnt", _bundle.Folder["from"]);
            mount["uidMappings"] = SpecChanges.Mappings((0, 1000, 10));
            mount["gidMappings"] = SpecChanges.Mappings((0, 2000, 10));
            spec.Bind("/plain", _bundle.Folder["from"]);
        });
        // root is nobody that the mount shows: it may write nothing there
        Assert.Equal("1003 2004\n3 4\n", result.Out);
        Assert.Contains("touch: /mnt/new: Value too large", result.Error);
    }

    [ChainTheory]
    [InlineData("idmap", "0 0\n")]
    [InlineData("ridmap", "0 0\n")]
    [InlineData("ro", "65534 65534\n")]
    public void Files_are_shown_under_the_ids_of_the_containers_user_namespace_where_idmap_asks_for_it(string option, string shown)
    {
        var result = Run("stat -c '%u %g' /mnt/file", spec =>
        {
            spec.Users((0, 100000, 65536));
            spec.Bind("/mnt", _bundle.Folder["from"], "rbind", option);
        });
        Assert.Equal((shown, ""), (result.Out, result.Error));
    }

    [ChainFact]
    public void A_source_that_the_containers_root_cannot_reach_is_mounted_all_the_same()
    {
        var closed = Directory.CreateDirectory(_bundle.Folder["closed"]).FullName;
        File.WriteAllText(Path.Combine(closed, "file"), "open to all\n");
        Command.Must("chmod", "700", closed);
        var result = Run("cat /mnt/given; ls /closed 2>&1", spec =>
        {
            spec.Users((0, 100000, 65536));
            spec.Bind("/mnt/given", Path.Combine(closed, "file"), "ro");
            spec.Bind("/closed", closed);
        });
        Assert.Equal("open to all\nls: can't open '/closed': Permission denied\n", result.Out);
    }

    // Each source is looked at when it is its turn: it may lie in what was mounted before, and a destination may be named as the host sees it.
    [ChainTheory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void A_source_may_be_what_a_mount_before_has_put_into_the_container(bool users, bool mapped)
    {
        foreach (var name in new[] { "a/x", "b/y" })
        {
            Directory.CreateDirectory(_bundle.Folder[$"closed/{name}"]);
            File.WriteAllText(_bundle.Folder[$"closed/{name}/file"], name);
        }
        Command.Must("chmod", "700", _bundle.Folder["closed"]);
        var root = _bundle.Folder["rootfs"];
        var result = Run("cat /last/x/y/file; ls /last", spec =>
        {
            if (users)
            {
                spec.Users((0, 100000, 65536));
            }
            spec.Bind("/mnt", _bundle.Folder["closed/a"]);
            spec.Bind($"{root}/mnt/x", _bundle.Folder["closed/b"]);
            var last = spec.Bind($"{root}/last", $"{root}/mnt", "rbind");
            if (mapped)
            {
                last["uidMappings"] = SpecChanges.Mappings((0, 100000, 65536));
                last["gidMappings"] = SpecChanges.Mappings((0, 100000, 65536));
                last["options"]!.AsArray().Add("ridmap");
            }
        });
        Assert.Equal(("b/yx\n", ""), (result.Out, result.Error));
    }

    [ChainFact]
    public void A_link_to_nothing_is_followed_inside_and_what_is_mounted_on_is_made_there()
    {
        File.CreateSymbolicLink(_bundle.Folder["rootfs/jump"], "/tmp/not/there");
        File.CreateSymbolicLink(_bundle.Folder["rootfs/to-file"], "/jump/below/file");
        File.CreateSymbolicLink(_bundle.Folder["rootfs/to-folder"], "mnt/../new/folder");
        File.CreateSymbolicLink(_bundle.Folder["rootfs/round"], "round");
        var result = Run("cat /tmp/not/there/below/file /new/folder/file; grep -c -e ' /tmp/not/there/below/file ' -e ' /new/folder ' /proc/self/mountinfo", spec =>
        {
            spec.Bind("/to-file", "from/file");
            spec.Bind("/to-folder", "from");
        });
        Assert.Equal(("content\ncontent\n2\n", ""), (result.Out, result.Error));
        Assert.Contains("too many levels of symbolic links", Run("true", spec => spec.Bind("/round", "from/file")).Error);
    }

    [ChainFact]
    public void Flags_that_are_locked_stay_and_are_not_cleared_in_silence()
    {
        using var locked = new Tmpfs(_bundle.Folder["from/below"], "nosuid,nodev,noatime,mode=755");
        void Change(JsonNode spec, params string[] options)
        {
            spec.Users((0, 100000, 65536));
            spec.Bind("/mnt", _bundle.Folder["from/below"], options);
        }
        Assert.Equal("ro,nosuid,nodev,noatime\n", Run(Shown("/mnt", 6), spec => Change(spec, "ro")).Out);
        Assert.Contains("cannot clear locked flags MS_NOSUID", Run("true", spec => Change(spec, "suid")).Error);
        Assert.Contains("cannot change locked atime flags MS_NOATIME", Run("true", spec => Change(spec, "ro", "relatime")).Error);
        // root outside of user namespaces has what it asks for
        Assert.Equal("ro,relatime\n", Run(Shown("/mnt", 6), spec => spec.Bind("/mnt", _bundle.Folder["from/below"], "ro", "relatime")).Out);
    }

    [ChainFact]
    public void File_systems_of_the_kernel_are_the_containers_own()
    {
        var result = Run("stat -f -c %T /dev/mqueue /dev/pts; ls /dev/pts; stat -c %a /dev/pts/ptmx; readlink /dev/ptmx; ls /sys/class/net", _ => { });
        Assert.Equal(["mqueue", "devpts", "ptmx", "666", "pts/ptmx", "lo"], Words(result.Out.Replace("0x19800202", "mqueue").Replace("UNKNOWN", "mqueue")));
    }

    [ChainFact]
    public void Cgroups_are_seen_from_the_containers_own_on_with_and_without_a_namespace()
    {
        foreach (var own in new[] { true, false })
        {
            // the container's processes, and the runtime's none; v2 is shown from the top where there is no namespace
            var result = Run("f=/sys/fs/cgroup; [ ! -d $f/pids ] || f=$f/pids; [ ! -e $f/cgroup.controllers ] || f=$f$(cut -c4- /proc/self/cgroup); cat $f/cgroup.procs | head -1; touch $f/x 2>&1; mkdir /sys/fs/cgroup/new 2>&1", spec =>
            {
                if (own)
                {
                    spec.Namespace("cgroup");
                }
                else
                {
                    spec.NoNamespace("cgroup");
                }
            });
            Assert.Equal("1", Words(result.Out)[0]);
            Assert.Equal(2, result.Out.Split("Read-only file system").Length - 1);
        }
    }

    [ChainFact]
    public void The_hosts_sysfs_stands_in_where_a_user_namespace_may_have_none()
    {
        var result = Run("stat -f -c %T /sys; touch /sys/x 2>&1 | grep -c Read-only; ls /sys/class/net | grep -c lo", spec =>
        {
            spec.Users((0, 100000, 65536));
            spec.NoNamespace("network");
        });
        Assert.Equal(["sysfs", "1", "1"], Words(result.Out));
    }

    [ChainFact]
    public void Mounts_that_contradict_themselves_are_refused_by_what_is_wrong()
    {
        foreach (var (change, message) in new (Action<JsonNode>, string)[]
        {
            (spec => spec.Bind("/mnt", "from", "size=5"), "bind mounts cannot have any filesystem-specific options applied"),
            (spec => spec.Bind("/mnt", "from", "idmap"), "id-mapped mounts must have both uid and gid mappings specified"),
            (spec => spec.Bind("/mnt", "from")["uidMappings"] = SpecChanges.Mappings((0, 1, 1)), "id-mapped mounts must have both uid and gid mappings specified"),
            (spec => spec.Mount("/mnt", "tmpfs", "x", "idmap"), "id-mapped mounts are only supported for bind-mounts"),
            (spec => spec.Bind("/mnt", "fr\0om"), "mount field contains null byte"),
            (spec => spec.Bind("", "from"), "destination must not be empty"),
            (spec => spec.Bind("/mnt", "/not/there"), "open /not/there: no such file or directory"),
            (spec => spec.Bind("/", "from"), "is on the top of rootfs"),
            (spec => spec.Bind("/mnt", "from/file"), "not a directory"),
            (spec => spec.Mount("/mnt", "bogus", "x", "ro"), "mount src=x, dst=/mnt, flags=MS_RDONLY: no such device"),
            (spec => spec.Mount("/mnt", "tmpfs", "tmpfs", "bogus"), "data=mode=0755,bogus: invalid argument"),
            (spec => MapProc(spec), "failed to set MOUNT_ATTR_IDMAP on /proc: invalid argument (maybe the filesystem used doesn't support idmap mounts on this kernel?)"),
        })
        {
            using var bundle = new Bundle("true");
            Directory.CreateDirectory(bundle.Folder["rootfs/mnt"]);
            Directory.CreateDirectory(bundle.Folder["from"]);
            File.WriteAllText(bundle.Folder["from/file"], "");
            bundle.Change(change);
            var result = bundle.Runtime(Programs.NaruRunc, "run", _id);
            Assert.Equal(1, result.Code);
            Assert.Contains(message, result.Error);
            Assert.Empty(Directory.GetFileSystemEntries(bundle.State));
        }
    }

    private static void MapProc(JsonNode spec)
    {
        var mount = spec.Bind("/mnt", "/proc", "idmap");
        mount["uidMappings"] = SpecChanges.Mappings((0, 1000, 10));
        mount["gidMappings"] = SpecChanges.Mappings((0, 1000, 10));
    }

    private static string Shown(string place, int field) => $"grep ' {place} ' /proc/self/mountinfo | cut -d' ' -f{field}";

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private Result Run(string script, Action<JsonNode> change)
    {
        Command.Must("chmod", "755", _bundle.At);
        Command.Must("chmod", "777", _bundle.Folder["rootfs"]);
        return _bundle.RunOnce(_id, script, change);
    }

    /// <summary>A mount of the host's, for a while.</summary>
    private sealed class Tmpfs : IDisposable
    {
        private readonly string _place;

        public Tmpfs(string place, string options)
        {
            _place = place;
            Command.Must("mount", ["-t", "tmpfs", .. options.Length > 0 ? new[] { "-o", options } : [], "tmpfs", place]);
        }

        public void Dispose() => Command.Must("umount", _place);
    }
}
