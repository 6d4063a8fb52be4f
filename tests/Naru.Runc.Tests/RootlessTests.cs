using System.Text.Json.Nodes;

namespace Naru.Runc.Tests;

/// <summary>The runtime without root's rights: an unprivileged user with sub ids, and root of such a user's namespace.</summary>
public sealed class RootlessTests : IDisposable
{
    private const int User = 23456;

    private readonly string _id = $"ncu-{Guid.NewGuid():N}"[..16];
    private readonly Bundle _bundle = new("true");

    public RootlessTests()
    {
        File.Copy(Programs.NaruRunc, _bundle.Folder["naru-runc"]);
        File.Delete(_bundle.Folder["config.json"]);
        Directory.CreateDirectory(_bundle.Folder["run"]);
        foreach (var (name, line) in new[] { ("passwd", $"tester:x:{User}:{User}::/:/bin/sh"), ("group", $"tester:x:{User}:") })
        {
            File.WriteAllText(_bundle.Folder[name], File.ReadAllText($"/etc/{name}") + line + "\n");
        }
        File.WriteAllText(_bundle.Folder["subid"], "tester:300000:65536\n");
        Command.Must("chmod", "1777", _bundle.Folder["rootfs/tmp"]);
        Command.Must("chown", "-hR", $"{User}:{User}", _bundle.At);
        Assert.Equal(new(0, "", ""), AsUser("./naru-runc spec --rootless"));
        _bundle.Change(spec =>
        {
            spec["process"]!["terminal"] = false;
            spec["root"]!["readonly"] = false;
        });
    }

    public void Dispose() => _bundle.Dispose();

    [ChainFact("newuidmap", "setpriv", "unshare")]
    public void An_unprivileged_user_runs_a_container_of_the_own_id_alone()
    {
        var result = Run("id -u; tr -s ' ' </proc/self/uid_map; cat /proc/self/setgroups; echo x >/dev/null && touch /made && grep -c ' /dev/zero ' /proc/self/mountinfo", _ => { });
        Assert.Equal((0, $"0\n 0 {User} 1\ndeny\n1\n", ""), (result.Code, result.Out, result.Error));
        Assert.Equal($"{User}", Command.Must("stat", "-c", "%u", _bundle.Folder["rootfs/made"]));
    }

    [ChainFact("newuidmap", "setpriv", "unshare")]
    public void An_unprivileged_user_runs_a_container_of_many_ids()
    {
        var result = Run("id -u; id -g; tr -s ' ' </proc/self/gid_map; cat /proc/self/setgroups /proc/self/oom_score_adj; touch /tmp/made", spec =>
        {
            Many(spec);
            spec["process"]!["user"] = JsonNode.Parse("""{"uid": 5, "gid": 6}""");
            spec["process"]!["oomScoreAdj"] = 321;
        });
        Assert.Equal((0, $"5\n6\n 0 {User} 1\n 1 300000 65535\nallow\n321\n", ""), (result.Code, result.Out, result.Error));
        Assert.Equal("300004 300005", Command.Must("stat", "-c", "%u %g", _bundle.Folder["rootfs/tmp/made"]));
    }

    [ChainFact("newuidmap", "setpriv", "unshare")]
    public void An_unprivileged_users_container_goes_through_its_life()
    {
        Change("sleep 60", Many);
        var result = AsUser($"""
            ./naru-runc create {_id} </dev/null >out 2>&1 && ./naru-runc start {_id} && ls $XDG_RUNTIME_DIR/naru-runc
            ./naru-runc exec -u 5:6 -g 7 {_id} sh -c 'id -u; id -G; tr -s " " </proc/self/uid_map | head -1'
            ./naru-runc ps --format json {_id} | wc -l
            ./naru-runc kill {_id} KILL; i=0; while ./naru-runc state {_id} | grep -q running && [ $i -lt 100 ]; do i=$((i+1)); sleep 0.1; done
            ./naru-runc list | grep -o 'stopped'; ./naru-runc delete {_id} && ls $XDG_RUNTIME_DIR/naru-runc | wc -l
            """);
        Assert.Equal("", result.Error);
        var lines = result.Out.TrimEnd().Split('\n');
        Assert.Equal([_id, "5", "6 7", $" 0 {User} 1", lines[4], "stopped", "0"], lines);
    }

    [ChainFact("newuidmap", "setpriv", "unshare")]
    public void An_unprivileged_users_exec_waits_for_a_program_that_is_about_to_start()
    {
        Change("sleep 60", spec =>
        {
            Many(spec);
            spec["hooks"] = JsonNode.Parse("""{"startContainer": [{"path": "/bin/sleep", "args": ["sleep", "0.5"]}]}""");
        });
        var result = AsUser($"""
            ./naru-runc create {_id} </dev/null >out 2>&1; ./naru-runc exec {_id} id -u 2>&1 | grep -o 'container that is not started'
            ./naru-runc start {_id} && ./naru-runc exec {_id} id -u; ./naru-runc delete -f {_id}
            """);
        Assert.Equal(new(0, "container that is not started\n0\n", ""), result);
    }

    [ChainFact("newuidmap", "setpriv", "unshare")]
    public void What_an_unprivileged_user_cannot_have_is_refused_before_anything_is_made()
    {
        foreach (var (change, message) in new (Action<JsonNode>, string)[]
        {
            (spec => { spec.NoNamespace("user"); spec["linux"]!["uidMappings"] = spec["linux"]!["gidMappings"] = null; }, "rootless container requires user namespaces"),
            (spec => spec.Mount("/mnt", "tmpfs", "tmpfs", "uid=7"), "cannot specify uid= mount options for unmapped uid in rootless containers"),
            (spec => spec.Mount("/mnt", "tmpfs", "tmpfs", "gid=7"), "cannot specify gid= mount options for unmapped gid in rootless containers"),
            (spec => spec["process"]!["user"]!["additionalGids"] = new JsonArray(0), "cannot set any additional groups in a rootless container"),
            (spec => spec.Bind("/mnt", _bundle.At, "idmap"), "id-mapped mounts are not supported for rootless containers"),
            (spec => spec.Users((0, User, 1), (1, 900000, 10)), "failed to use newuidmap on "),
            (spec => spec["process"]!["user"] = JsonNode.Parse("""{"uid": 9, "gid": 0}"""), "cannot setuid to unmapped uid 9 in user namespace"),
        })
        {
            var result = Run("true", change);
            Assert.Equal(1, result.Code);
            Assert.Contains(message, result.Error);
            Assert.Equal("0\n", AsUser("ls run/naru-runc | wc -l").Out);
        }
        Change("true", Many);
        Assert.Contains("failed to use newuidmap on ", AsUser($"PATH=/nowhere ./naru-runc run {_id}").Error);
    }

    // Who is root of a namespace may not do what root may, whatever USER says: a rootless caller's own is root's too, or none at all.
    [ChainTheory("newuidmap", "setpriv", "unshare")]
    [InlineData("USER=root")]
    [InlineData("USER=tester")]
    [InlineData("-u USER")]
    public void Root_of_a_users_namespace_runs_a_container_in_one_below(string user)
    {
        Change("id -u; tr -s ' ' </proc/self/uid_map; readlink /proc/self/ns/user; echo x >/dev/null; stat -c %u /mnt/closed/file; cat /mnt/closed/file | wc -c", spec =>
        {
            spec.Users((0, 1, 1000));
            spec.Bind("/mnt", _bundle.Folder["from"]);
        });
        Command.Must("mkdir", "-p", _bundle.Folder["from/closed"], _bundle.Folder["rootfs/mnt"]);
        File.WriteAllText(_bundle.Folder["from/closed/file"], "");
        Command.Must("chown", "-hR", "300000:300000", _bundle.Folder["rootfs"], _bundle.Folder["from"]);
        // as a daemon of the user's would: all of the sub ids in a namespace, and the runtime as root there
        var result = AsUser($"""unshare --user --map-root-user --map-auto --mount sh -c 'readlink /proc/self/ns/user; env {user} ./naru-runc --root $PWD/run/nested run {_id}' """);
        Assert.Equal("", result.Error);
        var lines = result.Out.TrimEnd().Split('\n');
        Assert.Equal([lines[0], "0", " 0 1 1000", lines[3], "0", "0"], lines);
        Assert.NotEqual(lines[0], lines[3]);
    }

    [ChainFact("setpriv", "unshare")]
    public void State_is_kept_where_the_user_may_write_unless_it_is_root()
    {
        var own = $"{_bundle.Folder["run"]}/naru-runc";
        foreach (var (run, root) in new[]
        {
            ("", own), ("unshare -U -r env USER=tester", own), ("unshare -U -r env USER=", own), ("unshare -U -r env -u USER", own), ("unshare -U -r env USER=root", "/run/naru-runc"),
            ("env -u XDG_RUNTIME_DIR", "/run/naru-runc"),
        })
        {
            Assert.Contains($"(default: \"{root}\")", AsUser($"{run} ./naru-runc --help").Out);
        }
    }

    // Sticky: what clears old files out of run-time folders would take a container's state for one.
    [ChainFact("setpriv", "unshare")]
    public void A_user_without_containers_has_a_folder_for_them_that_is_not_cleared_away()
    {
        Directory.Delete(_bundle.Folder["run/naru-runc"]);
        Assert.Equal("1700\n", AsUser("./naru-runc list -q; stat -c %a $XDG_RUNTIME_DIR/naru-runc").Out);
        var refused = AsUser("XDG_RUNTIME_DIR=/etc ./naru-runc list");
        Assert.Equal(1, refused.Code);
        Assert.Contains("the path in $XDG_RUNTIME_DIR must be writable by the user\n", refused.Error);
        Assert.Contains("msg=\"mkdir /etc/naru-runc: permission denied\"", refused.Error);
    }

    private static void Many(JsonNode spec) => spec.Users((0, User, 1), (1, 300000, 65535));

    private Result Run(string script, Action<JsonNode> change)
    {
        var before = File.ReadAllText(_bundle.Folder["config.json"]);
        Change(script, change);
        var result = AsUser($"./naru-runc run {_id}");
        File.WriteAllText(_bundle.Folder["config.json"], before);
        return result;
    }

    private void Change(string script, Action<JsonNode> change) => _bundle.Change(spec =>
    {
        spec.Script(script);
        change(spec);
    });

    /// <summary>In a mount namespace where the user is known and has sub ids.</summary>
    private Result AsUser(string script) => Command.Run("unshare", ["-m", "--propagation", "private", "sh", "-c", $"""
        for f in subuid subgid; do [ -e /etc/$f ] || touch /etc/$f; mount --bind {_bundle.At}/subid /etc/$f || exit 99; done
        for f in passwd group; do mount --bind {_bundle.At}/$f /etc/$f || exit 99; done
        exec setpriv --reuid {User} --regid {User} --clear-groups sh -c "$0"
        """, script], environment: new Dictionary<string, string?> { ["XDG_RUNTIME_DIR"] = _bundle.Folder["run"] }, folder: _bundle.At);
}
