using System.Text.Json.Nodes;

namespace Naru.Runc.Tests;

/// <summary>process.capabilities and process.noNewPrivileges, as the kernel has them of a first process and of an exec.</summary>
public sealed class CapabilityTests : IDisposable
{
    private const string Kill = "0000000000000020", Default = "0000000020000420", None = "0000000000000000";

    // Inheritable, permitted, effective, bounding, ambient: the kernel's order.
    private const string Sets = "grep ^Cap /proc/self/status | cut -f 2";

    private readonly string _id = $"ncc-{Guid.NewGuid():N}"[..16];
    private readonly Bundle _bundle = new("true");

    public void Dispose() => _bundle.Dispose();

    [ChainTheory]
    [InlineData("{}", 0, None, None, None, None, None)]
    [InlineData("""{"bounding": ["CAP_KILL"]}""", 0, None, None, None, Kill, None)]
    [InlineData("""{"bounding": ["CAP_KILL", "CAP_CHOWN"], "permitted": ["CAP_KILL", "CAP_CHOWN"], "effective": ["CAP_KILL", "CAP_CHOWN"], "inheritable": ["CAP_CHOWN"], "ambient": ["CAP_CHOWN"]}""",
        5, "0000000000000001", "0000000000000001", "0000000000000001", "0000000000000021", "0000000000000001")]
    [InlineData("""{"bounding": ["CAP_KILL"], "permitted": ["CAP_KILL"], "effective": ["CAP_KILL"]}""", 5, None, None, None, Kill, None)]
    [InlineData("""{"bounding": ["CAP_KILL"], "permitted": ["CAP_KILL"], "effective": ["CAP_KILL"], "inheritable": ["CAP_KILL"]}""", 5, Kill, None, None, Kill, None)]
    public void Each_of_the_five_sets_is_the_one_of_the_configuration(string sets, int uid, params string[] expected)
    {
        var first = Run(Sets, process => Give(process, sets, uid));
        Assert.Equal((0, string.Join('\n', expected)), (first.Code, first.Out.TrimEnd()));
        Assert.DoesNotContain("level=warning", first.Error);
        using var held = new HeldContainer(_id);
        var added = held.RunProcess(Sets, process => Give(process, sets, uid));
        Assert.Equal((0, string.Join('\n', expected)), (added.Code, added.Out.TrimEnd()));
        Assert.DoesNotContain("level=warning", added.Error);
    }

    [ChainFact]
    public void Without_capabilities_a_first_process_has_the_runtimes_and_an_exec_the_containers()
    {
        var own = File.ReadLines("/proc/self/status").Single(line => line.StartsWith("CapBnd", StringComparison.Ordinal)).Split('\t')[1];
        Assert.Equal([None, own, own, own, None], Run(Sets, process => process["capabilities"] = null).Out.TrimEnd().Split('\n'));
        using var held = new HeldContainer(_id);
        Assert.Equal([None, Default, Default, Default, None], held.RunProcess(Sets, process => process["capabilities"] = null).Out.TrimEnd().Split('\n'));
    }

    [ChainFact]
    public void Capabilities_of_the_command_line_are_added_and_never_inheritable()
    {
        using var held = new HeldContainer(_id);
        Assert.Equal("0000000020000421", held.Must("exec", "--cap", "CAP_CHOWN", _id, "sh", "-c", Sets).Split('\n')[1]);
        Assert.Equal($"{None}\n{None}\n", held.Must("exec", "--cap", "CAP_CHOWN", _id, "sh", "-c", "grep -E '^Cap(Inh|Amb)' /proc/self/status | cut -f 2"));
    }

    [ChainFact]
    public void One_that_the_container_may_inherit_is_ambient_when_it_is_added()
    {
        using var held = new HeldContainer(_id, spec => spec["process"]!["capabilities"]!["inheritable"] = new JsonArray("CAP_KILL"));
        Assert.Equal("0000000000000020\n", held.Must("exec", "--cap", "CAP_KILL", "--cap", "CAP_CHOWN", _id, "sh", "-c", "grep ^CapAmb /proc/self/status | cut -f 2"));
        Assert.Equal($"{None}\n", held.Must("exec", "--cap", "CAP_CHOWN", _id, "sh", "-c", "grep ^CapAmb /proc/self/status | cut -f 2"));
    }

    [ChainTheory]
    [InlineData("effective", "CAP_SYS_TIME")]
    [InlineData("permitted", "CAP_SYS_TIME")]
    [InlineData("inheritable", "CAP_SYS_TIME")]
    public void A_set_that_is_no_part_of_those_it_needs_is_refused(string set, string name)
    {
        // Effective is a part of permitted; permitted and inheritable, of what the bounding set has left.
        var result = Run("true", process => process["capabilities"]![set] = new JsonArray("CAP_KILL", name));
        Assert.Equal(1, result.Code);
        Assert.Contains("unable to apply caps: can't apply capabilities: operation not permitted", result.Error);
        Assert.Empty(Directory.GetFileSystemEntries(_bundle.State));
    }

    [ChainFact]
    public void Capabilities_that_cannot_be_given_are_warned_of()
    {
        var result = Run(Sets, process =>
        {
            process["capabilities"]!["ambient"] = new JsonArray("CAP_KILL");
            process["capabilities"]!["effective"]!.AsArray().Add("cap_chown");
            process["capabilities"]!["bounding"]!.AsArray().Add("CAP_NONSENSE");
        });
        Assert.Equal([None, Default, Default, Default, None], result.Out.TrimEnd().Split('\n'));
        Assert.Contains("level=warning msg=\"ignoring unknown or unavailable capabilities: [CAP_NONSENSE cap_chown]\"", result.Error);
        Assert.Contains("level=warning msg=\"can't raise ambient capability CAP_KILL: operation not permitted\"", result.Error);
    }

    [ChainTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_program_gets_new_privileges_only_where_that_is_not_ruled_out(bool ruledOut)
    {
        // A program of root's that is set-uid, run as another user: where the runtime's own state is by default tells who it is then. (Busybox drops what it gets so.)
        Command.Must("cp", Programs.NaruRunc, _bundle.Folder["rootfs/bin/set-uid"]);
        Command.Must("chmod", "4755", _bundle.Folder["rootfs/bin/set-uid"]);
        var result = Run("grep NoNewPrivs /proc/self/status | cut -f 2; XDG_RUNTIME_DIR=/of-a-user set-uid --help | grep -o 'default: \"/.*/naru-runc'", As);
        Assert.Equal(ruledOut ? "1\ndefault: \"/of-a-user/naru-runc\n" : "0\ndefault: \"/run/naru-runc\n", result.Out);
        void As(JsonNode process)
        {
            process["noNewPrivileges"] = ruledOut;
            process["user"] = JsonNode.Parse("""{"uid": 5, "gid": 5}""");
        }
    }

    [ChainFact]
    public void An_exec_rules_new_privileges_out_by_itself()
    {
        using var held = new HeldContainer(_id);
        const string script = "grep NoNewPrivs /proc/self/status | cut -f 2";
        Assert.Equal("1\n", held.Must("exec", _id, "sh", "-c", script));
        Assert.Equal("0\n", held.Must("exec", "--no-new-privs=false", _id, "sh", "-c", script));
        Assert.Equal("1\n", held.RunProcess(script, process => process["noNewPrivileges"] = true).Out);
        // A process file that does not speak of it does not ask for it, as with runc.
        Assert.Equal("0\n", held.RunProcess(script, process => process.AsObject().Remove("noNewPrivileges")).Out);
    }

    private static void Give(JsonNode process, string sets, int uid)
    {
        process["capabilities"] = JsonNode.Parse(sets);
        process["user"] = new JsonObject { ["uid"] = uid, ["gid"] = uid };
    }

    private Result Run(string script, Action<JsonNode> change)
    {
        _bundle.Change(spec =>
        {
            spec.Script(script);
            change(spec["process"]!);
        });
        return _bundle.Runtime(Programs.NaruRunc, "run", _id);
    }
}
