using System.Text.Json.Nodes;

namespace Naru.Runc.Tests;

/// <summary>root, rootfsPropagation, maskedPaths, readonlyPaths, devices: what the container's tree is like, seen from inside.</summary>
public sealed class RootTests : IDisposable
{
    private readonly string _id = $"ncr-{Guid.NewGuid():N}"[..16];
    private readonly Bundle _bundle = new("true");

    public void Dispose() => _bundle.Dispose();

    [ChainFact]
    public void A_read_only_root_leaves_its_mounts_as_they_are()
    {
        var result = Run("touch /x 2>&1; touch /dev/x && echo written", spec => spec["root"]!["readonly"] = true);
        Assert.Equal("touch: /x: Read-only file system\nwritten\n", result.Out);
        Assert.Equal("touch: /dev/x: Read-only file system\n1\n", Run("touch /dev/x 2>&1; head -c1 /dev/zero | wc -c", spec =>
            spec["mounts"]!.AsArray().First(mount => mount!["destination"]!.GetValue<string>() == "/dev")!["options"]!.AsArray().Add("ro")).Out);
    }

    [ChainTheory]
    [InlineData("private", "")]
    [InlineData("rprivate", "")]
    [InlineData("slave", "")]
    [InlineData("rslave", "")]
    [InlineData("shared", "shared:")]
    [InlineData("rshared", "shared:")]
    [InlineData("unbindable", "unbindable")]
    [InlineData("runbindable", "unbindable")]
    public void The_root_has_the_propagation_it_is_given(string propagation, string shown)
    {
        var result = Run("sed -n '/ \\/ \\/ \\|rootfs \\/ /s/ - .*//p' /proc/self/mountinfo | head -1 | cut -d' ' -f7 | tr -d 0-9", spec =>
        {
            spec["linux"]!["rootfsPropagation"] = propagation;
            // what is unbindable is no source of a bind, as masks and cgroups without a namespace are
            spec.Namespace("cgroup");
            spec["linux"]!["maskedPaths"] = spec["linux"]!["readonlyPaths"] = null;
        });
        Assert.Equal((0, shown, ""), (result.Code, result.Out.Trim(), result.Error));
    }

    [ChainFact]
    public void Without_pivot_root_the_hosts_tree_is_out_of_reach_as_well()
    {
        var result = _bundle.Runtime(Programs.NaruRunc, "run", "--no-pivot", Prepare("ls / | tr '\\n' ' '; ls /proc/1/root | tr '\\n' ' '; grep -c ' - proc ' /proc/self/mountinfo; cat /proc/kcore 2>&1 | wc -c"));
        Assert.Equal("bin dev etc proc sys tmp bin dev etc proc sys tmp ", result.Out[..result.Out.LastIndexOf(' ')] + " ");
        Assert.Equal((0, ""), (result.Code, result.Error));
    }

    [ChainFact]
    public void Without_pivot_root_no_unmasked_procfs_can_be_had()
    {
        // with a whole procfs of the host's somewhere in the mount namespace the kernel would let the container mount another, without masks
        _bundle.Change(spec =>
        {
            spec.Capability("CAP_SYS_ADMIN");
            spec["linux"]!["readonlyPaths"] = new JsonArray();
        });
        var result = _bundle.Runtime(Programs.NaruRunc, "run", "--no-pivot", Prepare("unshare -U -m -p -f mount -t proc x /tmp 2>&1; ls /tmp | wc -l"));
        Assert.Equal("mount: permission denied (are you root?)\n0\n", result.Out);
    }

    [ChainFact]
    public void Masked_paths_are_empty_and_read_only_ones_keep_their_flags()
    {
        File.WriteAllText(_bundle.Folder["rootfs/secret"], "secret");
        Directory.CreateDirectory(_bundle.Folder["rootfs/hidden/x"]);
        Directory.CreateDirectory(_bundle.Folder["rootfs/data"]);
        File.CreateSymbolicLink(_bundle.Folder["rootfs/link"], "/secret");
        var result = Run("cat /secret /link | wc -c; ls /hidden | wc -l; touch /hidden/y 2>&1; touch /data/x 2>&1; grep ' /data ' /proc/self/mountinfo | tail -1 | cut -d' ' -f6; grep ' /proc/sys ' /proc/self/mountinfo | cut -d' ' -f6", spec =>
        {
            spec["linux"]!["maskedPaths"] = new JsonArray("/link", "/hidden", "/not/there");
            spec["linux"]!["readonlyPaths"] = new JsonArray("/data", "/proc/sys", "/not/there");
            spec.Bind("/data", _bundle.Folder["rootfs/data"], "nosuid", "nodev", "noexec");
            spec["mounts"]!.AsArray().First(mount => mount!["destination"]!.GetValue<string>() == "/proc")!["options"] = new JsonArray("nosuid", "nodev", "noexec");
        });
        Assert.Equal("0\n0\ntouch: /hidden/y: Read-only file system\ntouch: /data/x: Read-only file system\nro,nosuid,nodev,noexec,relatime\nro,nosuid,nodev,noexec,relatime\n", result.Out);
    }

    [ChainFact]
    public void Masked_folders_show_one_empty_file_system()
    {
        foreach (var name in new[] { "one", "two", "three" })
        {
            Directory.CreateDirectory(_bundle.Folder[$"rootfs/{name}/inside"]);
        }
        var result = Run("stat -c %d /one /two /three | uniq | wc -l; ls /one /two /three | grep -c inside; touch /one/x /two/x 2>&1", spec => spec["linux"]!["maskedPaths"] = new JsonArray("/one", "/two", "/three"));
        Assert.Equal("1\n0\ntouch: /one/x: Read-only file system\ntouch: /two/x: Read-only file system\n", result.Out);
    }

    [ChainFact]
    public void Devices_are_made_as_they_are_described()
    {
        var result = Run("cd /dev; stat -c '%n %F %t:%T %a %u:%g' foo pipe blk /new/dir/u null tty; for l in fd stdin ptmx; do readlink $l; done", spec => spec["linux"]!["devices"] = JsonNode.Parse("""
            [{"path": "/dev/foo", "type": "c", "major": 1, "minor": 5, "fileMode": 384, "uid": 3, "gid": 4}, {"path": "/dev/pipe", "type": "p", "fileMode": 402},
             {"path": "/dev/blk", "type": "b", "major": 7, "minor": 300}, {"path": "/new/dir/u", "type": "u", "major": 1, "minor": 3},
             {"path": "/dev/null", "type": "c", "major": 1, "minor": 3, "fileMode": 420}]
            """));
        Assert.Equal("""
            foo character special file 1:5 600 3:4
            pipe fifo 0:0 622 0:0
            blk block special file 7:12c 666 0:0
            /new/dir/u character special file 1:3 666 0:0
            null character special file 1:3 644 0:0
            tty character special file 5:0 666 0:0
            /proc/self/fd
            /proc/self/fd/0
            pts/ptmx

            """, result.Out);
    }

    [ChainFact]
    public void Devices_of_a_user_namespace_are_the_hosts()
    {
        _bundle.Change(spec =>
        {
            spec.Users((0, 100000, 65536));
            spec["linux"]!["devices"] = JsonNode.Parse("""[{"path": "/dev/pipe", "type": "p"}]""");
        });
        Open();
        Assert.Equal("devtmpfs\n1\nfifo\n", Run("grep ' /dev/zero ' /proc/self/mountinfo | sed 's/.* - //' | cut -d' ' -f1; head -c1 /dev/zero | wc -c; stat -c %F /dev/pipe", _ => { }).Out);
        _bundle.Change(spec => spec["linux"]!["devices"]!.AsArray().Add(JsonNode.Parse("""{"path": "/dev/not-there", "type": "c", "major": 1, "minor": 5}""")));
        Assert.Contains("mount src=/dev/not-there, dst=/dev/not-there, flags=MS_BIND: no such file or directory", Run("true", _ => { }).Error);
    }

    [ChainFact]
    public void A_node_of_the_images_that_is_no_such_device_is_refused()
    {
        File.WriteAllText(_bundle.Folder["rootfs/dev/null"], "");
        var result = Run("true", NoDev);
        Assert.Contains("configuring container /dev: error creating device nodes: device /dev/null: the image has something else there: file exists", result.Error);
        File.Delete(_bundle.Folder["rootfs/dev/null"]);
        Command.Must("mknod", "-m", "600", _bundle.Folder["rootfs/dev/null"], "c", "1", "3");
        Assert.Equal(0, Run("echo x >/dev/null", NoDev).Code);
    }

    [ChainFact]
    public void A_dev_of_the_hosts_is_left_as_it_is()
    {
        var dev = Directory.CreateDirectory(_bundle.Folder["dev"]).FullName;
        Assert.Equal(0, Run("ls /dev | wc -l", spec =>
        {
            NoDev(spec);
            spec.Bind("/dev/", dev);
        }).Code);
        Assert.Empty(Directory.GetFileSystemEntries(dev));
    }

    [ChainFact]
    public void A_root_that_is_not_there_or_a_link_is_refused()
    {
        Assert.Contains($"invalid rootfs: stat {_bundle.Folder["nope"]}: no such file or directory", Run("true", spec => spec["root"]!["path"] = "nope").Error);
        File.CreateSymbolicLink(_bundle.Folder["link"], "rootfs");
        Assert.Contains("invalid rootfs: not an absolute path, or a symlink", Run("true", spec => spec["root"]!["path"] = "link").Error);
        Assert.Equal(0, Run("true", spec => spec["root"]!["path"] = _bundle.Folder["rootfs/../rootfs"]).Code);
        Assert.Empty(Directory.GetFileSystemEntries(_bundle.State));
    }

    private static void NoDev(JsonNode spec)
    {
        foreach (var mount in spec["mounts"]!.AsArray().Where(mount => mount!["destination"]!.GetValue<string>().StartsWith("/dev", StringComparison.Ordinal)).ToList())
        {
            spec["mounts"]!.AsArray().Remove(mount);
        }
    }

    private void Open()
    {
        Command.Must("chmod", "755", _bundle.At);
        Command.Must("chmod", "777", _bundle.Folder["rootfs"], _bundle.Folder["rootfs/dev"]);
    }

    private string Prepare(string script)
    {
        _bundle.Change(spec => spec.Script(script));
        return _id;
    }

    private Result Run(string script, Action<JsonNode> change) => _bundle.RunOnce(_id, script, change);
}
