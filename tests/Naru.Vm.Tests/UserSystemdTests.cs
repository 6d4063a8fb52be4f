using System.Text.Json.Nodes;

namespace Naru.Vm.Tests;

/// <summary>--systemd-cgroup of an unprivileged user: his own systemd makes the scope, and moves into it what he may not move himself.</summary>
public sealed class UserSystemdTests
{
    private readonly string _id = $"nvu-{Guid.NewGuid():N}"[..16];

    [ChainFact]
    public void A_users_container_is_a_scope_of_his_systemds_and_so_are_its_later_processes()
    {
        Assert.Equal(["first 0::/", "later 0::/", "below 0::/below", "50", "gone"], AsUser($"""
            naru-runc exec {_id} sh -c 'echo first $(cat /proc/1/cgroup); echo later $(cat /proc/self/cgroup)'
            scope=/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/user.slice/naru-{_id}.scope
            mkdir $scope/below
            naru-runc exec --cgroup below {_id} sh -c 'echo below $(cat /proc/self/cgroup)'
            naru-runc update --pids-limit 50 {_id} && systemctl --user show --value --property TasksMax naru-{_id}.scope
            naru-runc delete --force {_id} && ls -d $scope 2>/dev/null || echo gone
            """));
    }

    /// <summary>What a script says, line by line, that the user runs beside his container.</summary>
    private string[] AsUser(string script)
    {
        using var bundle = new Bundle("true");
        Command.Must("sh", "-c", $"cd {bundle.At} && rm config.json && {Programs.NaruRunc} spec --rootless");
        bundle.Change(spec =>
        {
            spec["process"]!["terminal"] = false;
            spec["process"]!["args"] = new JsonArray("sleep", "60");
            foreach (var mappings in new[] { "uidMappings", "gidMappings" })
                spec["linux"]![mappings]![0]!["hostID"] = 1000;
            spec["linux"]!["cgroupsPath"] = $"user.slice:naru:{_id}";
        });
        File.WriteAllText(bundle.Folder["script"], $"cd {bundle.At}; naru-runc --systemd-cgroup run -d {_id} </dev/null >out 2>&1 || cat out\n{script}\n");
        Command.Must("chown", "-R", "naru:naru", bundle.At);
        var result = Command.Run("as-user", ["sh", bundle.Folder["script"]]);
        Command.Run("as-user", ["naru-runc", "delete", "--force", _id]);
        Assert.True(result.Error.Length == 0, result.ToString());
        return result.Out.TrimEnd('\n').Split('\n');
    }
}
