using System.Text.Json.Nodes;

namespace Naru.Runc.Tests;

/// <summary>process, hostname, domainname, sysctl, personality: what the program finds, seen from inside.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly string _id = $"nco-{Guid.NewGuid():N}"[..16];
    private readonly Bundle _bundle = new("true");

    public void Dispose() => _bundle.Dispose();

    [ChainFact]
    public void The_program_has_its_arguments_environment_and_folder()
    {
        _bundle.Change(spec =>
        {
            spec["process"]!["args"] = new JsonArray("sh", "-c", "echo \"$0|$1|$A|$HOME|$PWD\"", "zero", "o ne");
            spec["process"]!["env"]!.AsArray().Add("A=b c");
            spec["process"]!["cwd"] = "/made/by/the/runtime";
        });
        Assert.Equal(new(0, "zero|o ne|b c|/|/made/by/the/runtime\n", ""), _bundle.Runtime(Programs.NaruRunc, "run", _id));
    }

    [ChainFact]
    public void The_user_is_the_one_with_its_groups_and_umask()
    {
        File.WriteAllText(_bundle.Folder["rootfs/etc/passwd"], "who:x:5:6::/home/who:/bin/sh\n");
        Command.Must("chmod", "1777", _bundle.Folder["rootfs/tmp"]);
        var result = Run("id -u; id -g; id -G; umask; touch /tmp/x; stat -c '%a %u:%g' /tmp/x; echo $HOME; stat -c %u /proc/self/fd/1 /dev/stdout -L", spec =>
            spec["process"]!["user"] = JsonNode.Parse("""{"uid": 5, "gid": 6, "additionalGids": [7, 8], "umask": 23}"""));
        Assert.Equal("5\n6\n6 7 8\n0027\n640 5:6\n/home/who\n5\n5\n", result.Out);
        Assert.Equal("0022\n", Run("umask", _ => { }).Out);
        Assert.Contains("uids and gids must be in range 0-2147483647", Run("id", spec => spec["process"]!["user"] = JsonNode.Parse("""{"uid": 2147483648}""")).Error);
    }

    [ChainFact]
    public void Of_a_variable_that_is_set_twice_the_program_has_the_last_and_HOME_is_never_empty()
    {
        foreach (var (entries, shown) in new[]
        {
            (new[] { "ONE=two", "PATH=/bin", "ONE=", "HOME=/override" }, "PATH=/bin\nONE=\nHOME=/override\n"), (["HOME=", "PATH=/bin"], "PATH=/bin\nHOME=/\n"),
            (["HOME=/override", "PATH=/bin", "HOME="], "PATH=/bin\nHOME=/\n"), (["HOME=", "PATH=/bin", "HOME=/override"], "PATH=/bin\nHOME=/override\n"),
        })
        {
            _bundle.Change(spec =>
            {
                spec["process"]!["args"] = new JsonArray("env");
                spec["process"]!["env"] = new JsonArray([.. entries.Select(entry => (JsonNode)entry)]);
            });
            Assert.Equal(new(0, shown, ""), _bundle.Runtime(Programs.NaruRunc, "run", _id));
        }
    }

    [ChainFact]
    public void The_working_folder_may_be_closed_to_the_user_or_to_root()
    {
        Directory.CreateDirectory(_bundle.Folder["rootfs/closed"]);
        Command.Must("chown", "42:42", _bundle.Folder["rootfs/closed"]);
        Command.Must("chmod", "700", _bundle.Folder["rootfs/closed"]);
        // root without CAP_DAC_OVERRIDE in the end, a user who owns it, and one who does not
        foreach (var user in new[] { 0, 42, 43 })
        {
            Assert.Equal(new(0, "/closed\n", ""), Run("echo $PWD", spec =>
            {
                spec["process"]!["cwd"] = "/closed";
                spec["process"]!["user"]!["uid"] = user;
            }));
        }
    }

    [ChainFact]
    public void The_null_device_as_a_stream_is_the_containers_own()
    {
        _bundle.Change(spec => spec["process"]!["args"] = new JsonArray("sh", "-c", "[ $(stat -L -c %d /proc/self/fd/0) = $(stat -c %d /dev/null) ] && echo own; readlink /proc/self/fd/0; read line || echo end"));
        var result = Command.Run("sh", ["-c", $"exec {Programs.NaruRunc} --root {_bundle.State} run {_id} </dev/null"], folder: _bundle.At);
        Assert.Equal(new(0, "own\n/dev/null\nend\n", ""), result);
    }

    [ChainFact]
    public void Names_and_settings_of_namespaces_are_the_containers_own()
    {
        var result = Run("hostname; cat /proc/sys/kernel/domainname /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/msgmax /proc/sys/fs/mqueue/msg_max /proc/sys/net/ipv4/conf/lo/rp_filter", spec =>
        {
            spec["hostname"] = "some.host";
            spec["domainname"] = "some.domain";
            spec["linux"]!["sysctl"] = JsonNode.Parse("""{"net.ipv4.ip_forward": "1", "kernel.msgmax": "4321", "fs.mqueue.msg_max": "17", "net/ipv4/conf/lo/rp_filter": "2"}""");
        });
        Assert.Equal("some.host\nsome.domain\n1\n4321\n17\n2\n", result.Out);
    }

    [ChainTheory]
    [InlineData("kernel.hostname", "", "sysctl \\\"kernel.hostname\\\" is not allowed as it conflicts with the OCI \\\"hostname\\\" field")]
    [InlineData("vm.swappiness", "", "sysctl \\\"vm.swappiness\\\" is not in a separate kernel namespace")]
    [InlineData("net/../vm/swappiness", "", "is not in a separate kernel namespace")]
    [InlineData("kernel.msgmax", "ipc", "sysctl \\\"kernel.msgmax\\\" is not allowed in the hosts ipc namespace")]
    [InlineData("net.ipv4.ip_forward", "network", "sysctl \\\"net.ipv4.ip_forward\\\" not allowed in host network namespace")]
    [InlineData("net.core.not_there", "", "write /proc/sys/net/core/not_there: no such file or directory")]
    public void A_setting_that_is_not_the_containers_is_refused(string name, string without, string message)
    {
        var result = Run("true", spec =>
        {
            spec["linux"]!["sysctl"] = new JsonObject { [name] = "1" };
            spec.NoNamespace(without);
        });
        Assert.Equal(1, result.Code);
        Assert.Contains(message, result.Error);
    }

    [ChainFact]
    public void A_setting_of_the_hosts_network_is_refused_by_its_path_too()
    {
        var result = Run("true", spec =>
        {
            spec["linux"]!["sysctl"] = new JsonObject { ["net.ipv4.ip_forward"] = "1" };
            spec.Namespace("network", "/proc/self/ns/net");
        });
        Assert.Contains("not allowed in host network namespace", result.Error);
    }

    private Result Run(string script, Action<JsonNode> change) => _bundle.RunOnce(_id, script, change);
}
