using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Naru.Runc.Tests;

/// <summary>linux.seccomp with SCMP_ACT_NOTIFY: an agent on the host answers the container's calls.</summary>
public sealed class SeccompNotifyTests
{
    private const int NoMedium = 123;

    private readonly string _id = $"ncn-{Guid.NewGuid():N}"[..16];

    [ChainFact("python3")]
    public void An_agent_answers_what_the_profile_notifies_of()
    {
        using var bundle = new Bundle("sh", "-c", "mkdir /made; mkdir /again; ls -d /etc");
        bundle.Change(spec => Notify(spec, bundle, "mkdir"));
        using var agent = Agent(bundle, count: 1);
        var result = bundle.Runtime(Programs.NaruRunc, "run", _id);
        Assert.Equal("/etc\n", result.Out);
        Assert.Equal("mkdir: can't create directory '/made': No medium found\nmkdir: can't create directory '/again': No medium found\n", result.Error);
        Assert.False(Directory.Exists(bundle.Folder["rootfs/made"]));
        var told = JsonNode.Parse(agent.StandardOutput.ReadLine()!)!;
        Assert.Equal("seccompFd", told["fds"]!.AsArray().Single()!.GetValue<string>());
        Assert.Equal("of the test", told["metadata"]!.GetValue<string>());
        Assert.Equal(_id, told["state"]!["id"]!.GetValue<string>());
        Assert.Equal("creating", told["state"]!["status"]!.GetValue<string>());
        Assert.Equal(told["pid"]!.GetValue<int>(), told["state"]!["pid"]!.GetValue<int>());
        Assert.True(agent.WaitForExit(10_000));
    }

    [ChainTheory("python3")]
    [InlineData(true)]
    [InlineData(false)]
    public void Each_exec_has_a_listener_of_its_own(bool noNewPrivileges)
    {
        using var bundle = new Bundle("sleep", "60");
        bundle.Change(spec =>
        {
            Notify(spec, bundle, "mkdir");
            spec["process"]!["noNewPrivileges"] = noNewPrivileges;
        });
        using var agent = Agent(bundle, count: 2);
        Command.Must("sh", "-c", $"cd {bundle.At} && {Programs.NaruRunc} --root {bundle.State} create {_id} </dev/null >out 2>&1");
        try
        {
            Assert.Equal(0, bundle.Runtime(Programs.NaruRunc, "start", _id).Code);
            Assert.Equal("creating", JsonNode.Parse(agent.StandardOutput.ReadLine()!)!["state"]!["status"]!.GetValue<string>());
            var made = bundle.Runtime(Programs.NaruRunc, "exec", _id, "mkdir", "/made");
            Assert.Equal((1, "mkdir: can't create directory '/made': No medium found\n"), (made.Code, made.Error));
            var told = JsonNode.Parse(agent.StandardOutput.ReadLine()!)!;
            Assert.Equal("running", told["state"]!["status"]!.GetValue<string>());
            Assert.NotEqual(told["pid"]!.GetValue<int>(), told["state"]!["pid"]!.GetValue<int>());
        }
        finally
        {
            bundle.Runtime(Programs.NaruRunc, "delete", "--force", _id);
        }
        Assert.True(agent.WaitForExit(10_000));
    }

    [ChainTheory]
    [InlineData("""{"defaultAction": "SCMP_ACT_NOTIFY"}""", "SCMP_ACT_NOTIFY cannot be used as default action")]
    [InlineData("""{"defaultAction": "SCMP_ACT_ALLOW", "listenerPath": "/x", "syscalls": [{"names": ["write"], "action": "SCMP_ACT_NOTIFY"}]}""", "SCMP_ACT_NOTIFY cannot be used for the write syscall")]
    [InlineData("""{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["mkdir"], "action": "SCMP_ACT_NOTIFY"}]}""", "seccomp listenerPath is not set")]
    [InlineData("""{"defaultAction": "SCMP_ACT_ALLOW", "listenerPath": "/nowhere/agent", "syscalls": [{"names": ["mkdir"], "action": "SCMP_ACT_NOTIFY"}]}""", "/nowhere/agent")]
    public void What_nobody_could_answer_is_refused(string profile, string why)
    {
        using var bundle = new Bundle("true");
        bundle.Change(spec => spec["linux"]!["seccomp"] = JsonNode.Parse(profile));
        var result = bundle.Runtime(Programs.NaruRunc, "run", _id);
        Assert.Equal(1, result.Code);
        Assert.Contains(why, result.Error);
        Assert.Empty(Directory.GetFileSystemEntries(bundle.State));
    }

    private static void Notify(JsonNode spec, Bundle bundle, string call) => spec["linux"]!["seccomp"] = JsonNode.Parse($$"""
        {
            "defaultAction": "SCMP_ACT_ALLOW", "listenerPath": "{{bundle.Folder["agent"]}}", "listenerMetadata": "of the test", "flags": ["SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"],
            "syscalls": [{"names": ["{{call}}", "{{call}}at"], "action": "SCMP_ACT_NOTIFY"}]
        }
        """);

    private static Process Agent(Bundle bundle, int count)
    {
        var agent = Process.Start(new ProcessStartInfo("python3", [Path.Combine(AppContext.BaseDirectory, "seccomp-agent.py"), bundle.Folder["agent"], $"{NoMedium}", $"{count}"])
        {
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("listening", agent.StandardOutput.ReadLine());
        return agent;
    }
}
