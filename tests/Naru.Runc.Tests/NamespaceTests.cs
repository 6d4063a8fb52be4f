using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Naru.Runc.Tests;

/// <summary>linux.namespaces and what goes with them: new ones, others' by their path, the host's.</summary>
public sealed class NamespaceTests : IDisposable
{
    private readonly string _id = $"ncn-{Guid.NewGuid():N}"[..16];
    private readonly Bundle _bundle = new("true");

    public void Dispose() => _bundle.Dispose();

    [ChainTheory]
    [InlineData("network", "net")]
    [InlineData("ipc", "ipc")]
    [InlineData("uts", "uts")]
    [InlineData("pid", "pid")]
    [InlineData("cgroup", "cgroup")]
    [InlineData("time", "time")]
    [InlineData("mount", "mnt")]
    public void A_namespace_is_new_or_the_one_at_the_path_or_the_hosts(string type, string file)
    {
        using var other = new Holder("--net", "--ipc", "--uts", "--cgroup", "--time", "--mount");
        var path = type == "pid" ? other.Path("pid_for_children") : other.Path(file);
        var joined = File.ResolveLinkTarget(path, false)!.Name;
        // a path of the pid namespace would be this one: a process has to be its first
        var host = File.ResolveLinkTarget($"/proc/self/ns/{file}", false)!.Name;
        var look = $"readlink /proc/self/ns/{file}";
        var fresh = Run(look, spec => spec.Namespace(type)).Out.Trim();
        Assert.NotEqual(host, fresh);
        Assert.NotEqual(joined, fresh);
        Assert.Equal(type == "pid" ? host : joined, Run(look, spec =>
        {
            spec.Namespace(type, path);
            if (type is "uts" or "mount")
            {
                spec["hostname"] = null;
            }
        }).Out.Trim());
        if (type != "mount")
        {
            Assert.Equal(host, Run(look, spec =>
            {
                spec.NoNamespace(type);
                spec["hostname"] = null;
            }).Out.Trim());
        }
    }

    [ChainFact]
    public void A_user_namespace_is_joined_by_its_path_and_owns_what_is_made_in_it()
    {
        using var other = new Holder("--user");
        File.WriteAllText($"/proc/{other.Pid}/uid_map", "0 200000 65536");
        File.WriteAllText($"/proc/{other.Pid}/gid_map", "0 200000 65536");
        var result = Run("readlink /proc/self/ns/user; cat /proc/self/uid_map; mount -t tmpfs x /tmp && hostname joined && hostname; mkdir /tmp/p && mount -t proc p /tmp/p && echo proc; stat -c %u /mine; id -u", spec =>
        {
            spec.Namespace("user", other.Path("user"));
            spec.Capability("CAP_SYS_ADMIN");
            spec.Bind("/mine", _bundle.At, "idmap");
        });
        Assert.Equal("", result.Error);
        Assert.Equal([File.ResolveLinkTarget(other.Path("user"), false)!.Name, "0 200000 65536", "joined", "proc", "0", "0"],
            result.Out.TrimEnd().Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
        // the same mappings may be said as well; others may not
        Assert.Equal(0, Run("true", spec => { spec.Users((0, 200000, 65536)); spec.Namespace("user", other.Path("user")); }).Code);
        Assert.Contains("both namespace path and non-matching mapping specified", Run("true", spec => { spec.Users((0, 1, 5)); spec.Namespace("user", other.Path("user")); }).Error);
    }

    [ChainFact]
    public void A_new_user_namespace_goes_with_a_joined_network()
    {
        using var other = new Holder("--net");
        var result = Run("readlink /proc/self/ns/net; id -u; ls /sys/class/net | wc -l", spec =>
        {
            spec.Users((0, 100000, 65536));
            spec.Namespace("network", other.Path("net"));
        });
        Assert.Equal((File.ResolveLinkTarget(other.Path("net"), false)!.Name + "\n0\n", ""), (result.Out[..result.Out.LastIndexOf('\n', result.Out.Length - 2)] + "\n", result.Error));
    }

    [ChainFact]
    public void An_exec_comes_into_a_user_namespace_and_all_that_was_joined()
    {
        using var other = new Holder("--net");
        using var held = new HeldContainer(_id, spec =>
        {
            spec.Users((0, 100000, 65536));
            spec.Namespace("network", other.Path("net"));
        });
        foreach (var file in new[] { "user", "net", "pid", "mnt", "ipc", "uts", "cgroup" })
        {
            Assert.Equal(held.Must("exec", _id, "readlink", $"/proc/1/ns/{file}"), held.Must("exec", _id, "readlink", $"/proc/self/ns/{file}"));
        }
        Assert.Equal("0\n", held.Must("exec", _id, "id", "-u"));
    }

    [ChainFact]
    public void Mappings_of_several_ranges_hold()
    {
        var result = Run("cat /proc/self/uid_map /proc/self/gid_map; id -u; stat -c %u /a /b /c", spec =>
        {
            spec.Users((0, 100000, 1), (1, 200000, 10), (1000, 300000, 5));
            spec["process"]!["user"] = JsonNode.Parse("""{"uid": 1002, "gid": 5}""");
        }, "100000", "200004", "300004");
        Assert.Equal("", result.Error);
        Assert.Equal(["0 100000 1", "1 200000 10", "1000 300000 5", "0 100000 1", "1 200000 10", "1000 300000 5", "1002", "0", "5", "1004"],
            result.Out.TrimEnd().Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
    }

    [ChainTheory]
    [InlineData(20, 0, "", "unable to setup user: cannot setuid to unmapped uid 20 in user namespace")]
    [InlineData(0, 30, "", "unable to setup user: cannot setgid to unmapped gid 30 in user namespace")]
    [InlineData(0, 0, "77", "unable to setup user: setgroups: invalid argument")]
    public void Ids_that_are_not_mapped_are_named(int uid, int gid, string group, string message)
    {
        var result = Run("id", spec =>
        {
            spec.Users((0, 100000, 10));
            spec["process"]!["user"] = new JsonObject { ["uid"] = uid, ["gid"] = gid, ["additionalGids"] = group.Length == 0 ? new JsonArray() : new JsonArray(int.Parse(group)) };
        });
        Assert.Equal(1, result.Code);
        Assert.Contains(message, result.Error);
    }

    [ChainFact]
    public void Clocks_are_offset_in_a_time_namespace_with_and_without_users()
    {
        foreach (var users in new[] { false, true })
        {
            var result = Run("cut -d. -f1 /proc/uptime; tr -s ' ' </proc/self/timens_offsets | cut -d' ' -f1,2,3", spec =>
            {
                spec.Namespace("time");
                spec["linux"]!["timeOffsets"] = JsonNode.Parse("""{"boottime": {"secs": 1000000000, "nanosecs": 5}, "monotonic": {"secs": 77}}""");
                if (users)
                {
                    spec.Users((0, 100000, 65536));
                }
            });
            var lines = result.Out.TrimEnd().Split('\n');
            Assert.True(long.Parse(lines[0]) >= 1000000000);
            Assert.Equal(["monotonic 77 0", "boottime 1000000000 5"], lines[1..]);
        }
    }

    [ChainFact]
    public void What_needs_a_namespace_of_its_own_is_refused_without_one()
    {
        using var other = new Holder("--time", "--ipc");
        foreach (var (change, message) in new (Action<JsonNode>, string)[]
        {
            (spec => spec.Namespace("bogus"), "namespace {\\\"bogus\\\" \\\"\\\"} does not exist"),
            (spec => spec.Namespace("ipc", "/not/there"), "namespace path: lstat /not/there: no such file or directory"),
            (spec => spec.Namespace("network", other.Path("ipc")), "failed to setns into network namespace: invalid argument"),
            (spec => spec.Namespace("network", "/etc/passwd"), "failed to setns into network namespace: invalid argument"),
            (spec => spec.Users((1, 100000, 10)), "user namespaces enabled, but no mapping found for uid 0"),
            (spec => spec["linux"]!["uidMappings"] = SpecChanges.Mappings((0, 1, 1)), "user namespace mappings specified, but user namespace isn't enabled in the config"),
            (spec => spec.NoNamespace("uts"), "unable to set hostname without a private UTS namespace"),
            (spec => { spec.NoNamespace("uts"); spec["hostname"] = null; spec["domainname"] = "x"; }, "unable to set domainname without a private UTS namespace"),
            (spec => spec.NoNamespace("mount"), "unable to restrict sys entries without a private MNT namespace"),
            (spec => { spec.NoNamespace("mount"); spec["linux"]!["maskedPaths"] = null; spec["linux"]!["readonlyPaths"] = null; }, "a container needs a mount namespace"),
            (spec => spec.Namespace("mount", "/proc/self/ns/mnt"), "the one at its path is the runtime's own"),
            (spec => { spec.Namespace("time", other.Path("time")); spec["linux"]!["timeOffsets"] = JsonNode.Parse("""{"boottime": {"secs": 1}}"""); }, "both namespace path and time offsets specified"),
        })
        {
            var result = Run("true", change);
            Assert.Equal(1, result.Code);
            Assert.Contains(message, result.Error);
            Assert.Empty(Directory.GetFileSystemEntries(_bundle.State));
        }
    }

    /// <param name="owners">Owners of files /a, /b, /c … of the image.</param>
    private Result Run(string script, Action<JsonNode> change, params string[] owners)
    {
        for (var index = 0; index < owners.Length; index++)
        {
            var file = _bundle.Folder[$"rootfs/{(char)('a' + index)}"];
            File.WriteAllText(file, "");
            Command.Must("chown", owners[index], file);
        }
        Command.Must("chmod", "755", _bundle.At);
        Command.Must("chmod", "1777", _bundle.Folder["rootfs/tmp"]);
        Command.Must("chmod", "777", _bundle.Folder["rootfs"]);
        return _bundle.RunOnce(_id, script, change);
    }

    /// <summary>A process in new namespaces, for their paths.</summary>
    private sealed class Holder : IDisposable
    {
        private readonly Process _process;

        public Holder(params string[] kinds)
        {
            _process = Command.Start("unshare", [.. kinds, "sh", "-c", "echo there; exec sleep 60"]);
            Assert.Equal("there", _process.StandardOutput.ReadLine());
        }

        public int Pid => _process.Id;

        public string Path(string file) => $"/proc/{Pid}/ns/{file}";

        public void Dispose()
        {
            _process.Kill();
            _process.WaitForExit();
            _process.Dispose();
        }
    }
}
