using System.Text.Json.Nodes;

namespace Naru.Runc.Tests;

/// <summary>hooks: where they run, what they are told, and what becomes of it when they fail.</summary>
public sealed class HookTests : IDisposable
{
    private readonly string _id = $"nck-{Guid.NewGuid():N}"[..16];
    private readonly Bundle _bundle = new("echo", "main");

    public void Dispose() => _bundle.Dispose();

    [ChainFact]
    public void Hooks_see_the_namespaces_the_folder_and_the_environment_that_are_theirs()
    {
        var log = _bundle.Folder["log"];
        foreach (var kind in new[] { "prestart", "createRuntime", "createContainer", "poststart", "poststop" })
        {
            Add(kind, $"echo {kind} $(readlink /proc/self/ns/uts) $PWD \"$OUTSIDE\" >>{log}");
        }
        Add("startContainer", "echo startContainer $(readlink /proc/self/ns/uts) $PWD \"$OUTSIDE$INSIDE\" >/log");
        _bundle.Change(spec =>
        {
            spec.Script("readlink /proc/self/ns/uts");
            spec["process"]!["env"]!.AsArray().Add("INSIDE=in");
            spec["process"]!["cwd"] = "/tmp";
        });
        var result = Command.Run(Programs.NaruRunc, ["--root", _bundle.State, "run", "--bundle", _bundle.At, _id], environment: new Dictionary<string, string?> { ["OUTSIDE"] = "out" }, folder: "/");
        Assert.Equal("", result.Error);
        var (host, own) = (File.ResolveLinkTarget("/proc/self/ns/uts", false)!.Name, result.Out.TrimEnd());
        Assert.NotEqual(host, own);
        Assert.Equal($"startContainer {own} /tmp in\n", File.ReadAllText(_bundle.Folder["rootfs/log"]));
        Assert.Equal(
            [$"prestart {host} {_bundle.At} out", $"createRuntime {host} {_bundle.At} out", $"createContainer {own} {_bundle.At}/rootfs ", $"poststart {host} {_bundle.At} out", $"poststop {host} {_bundle.At} out"],
            File.ReadAllLines(log));
    }

    [ChainFact]
    public void Hooks_are_told_the_state_with_the_pid_as_they_count()
    {
        var folder = _bundle.Folder["states"];
        Directory.CreateDirectory(folder);
        foreach (var kind in new[] { "createRuntime", "createContainer", "poststart", "poststop" })
        {
            Add(kind, $"cat >{folder}/{kind}");
        }
        Add("startContainer", "cat >/startContainer");
        Add("createRuntime", $"readlink /proc/$(grep -o '\"pid\":[0-9]*' {folder}/createRuntime | cut -d: -f2)/ns/pid >{folder}/ns");
        _bundle.Change(spec =>
        {
            spec.Script("sleep 0.3");
            spec["annotations"] = new JsonObject { ["a"] = "b" };
        });
        Assert.Equal(new(0, "", ""), _bundle.Runtime(Programs.NaruRunc, "run", _id));
        foreach (var (kind, status, inside) in new[]
        {
            ("createRuntime", "creating", false), ("createContainer", "creating", true), ("startContainer", "created", true), ("poststart", "running", false), ("poststop", "stopped", true),
        })
        {
            var state = JsonNode.Parse(File.ReadAllText(kind == "startContainer" ? _bundle.Folder["rootfs/startContainer"] : Path.Combine(folder, kind)))!;
            Assert.Equal((_id, status, _bundle.At, "b"), ((string)state["id"]!, (string)state["status"]!, (string)state["bundle"]!, (string)state["annotations"]!["a"]!));
            var pid = (int?)state["pid"] ?? 0;
            Assert.True(kind == "poststop" ? pid == 0 : inside ? pid == 1 : pid > 1, $"{kind}: {state.ToJsonString()}");
        }
        Assert.NotEqual(File.ResolveLinkTarget("/proc/self/ns/pid", false)!.Name + "\n", File.ReadAllText($"{folder}/ns"));
    }

    [ChainTheory]
    [InlineData("createRuntime", "error running createRuntime hook #0: exit status 3, stdout: o\\n, stderr: e\\n")]
    [InlineData("createContainer", "error running createContainer hook #0: exit status 3, stdout: o\\n, stderr: e\\n")]
    [InlineData("poststart", "error running poststart hook #0: exit status 3, stdout: o\\n, stderr: e\\n")]
    public void A_hook_that_fails_is_the_end_of_the_container(string kind, string message)
    {
        Add(kind, "echo o; echo e >&2; exit 3");
        Add("poststop", $"cat >{_bundle.Folder["told"]}");
        _bundle.Change(spec => spec.Script("sleep 60"));
        var result = _bundle.Runtime(Programs.NaruRunc, "run", _id);
        Assert.Equal(1, result.Code);
        Assert.Contains(message, result.Error);
        var told = JsonNode.Parse(File.ReadAllText(_bundle.Folder["told"]))!;
        Assert.Equal(("stopped", null), ((string?)told["status"], told["pid"]));
        Assert.Empty(Directory.GetFileSystemEntries(_bundle.State));
    }

    [ChainFact]
    public void A_hook_after_the_start_is_the_containers_own_failure()
    {
        Add("startContainer", "echo o; exit 3");
        Assert.Equal(new(255, "", "error running startContainer hook #0: exit status 3, stdout: o\n, stderr: \n"), _bundle.Runtime(Programs.NaruRunc, "run", _id));
    }

    [ChainTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_hook_in_the_container_is_held_to_its_filter(bool noNewPrivileges)
    {
        Add("startContainer", "mkdir /tmp/made");
        _bundle.Change(spec =>
        {
            spec["process"]!["noNewPrivileges"] = noNewPrivileges;
            spec["linux"]!["seccomp"] = JsonNode.Parse("""{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 100}]}""");
        });
        var result = _bundle.Runtime(Programs.NaruRunc, "run", _id);
        Assert.Equal((255, ""), (result.Code, result.Out));
        Assert.Contains("error running startContainer hook #0: exit status 1, stdout: , stderr: mkdir: can't create directory '/tmp/made': Network is down", result.Error);
    }

    [ChainFact]
    public void A_hook_after_the_end_is_only_warned_of()
    {
        Add("poststop", "exit 3");
        var result = _bundle.Runtime(Programs.NaruRunc, "run", _id);
        Assert.Equal((0, "main\n"), (result.Code, result.Out));
        Assert.Contains("level=warning msg=\"unable to destroy container: error running poststop hook #0: exit status 3, stdout: , stderr: \"", result.Error);
        Assert.Empty(Directory.GetFileSystemEntries(_bundle.State));
    }

    [ChainTheory]
    [InlineData("createRuntime", 1)]
    [InlineData("createContainer", 1)]
    [InlineData("createRuntime", 0)]
    public void A_hook_has_the_time_it_is_given_and_no_more(string kind, int seconds)
    {
        Add(kind, "sleep 30");
        _bundle.Change(spec => spec["hooks"]![kind]![0]!["timeout"] = seconds);
        Assert.Contains($"error running {kind} hook #0: hook ran past specified timeout of {seconds}.0s", _bundle.Runtime(Programs.NaruRunc, "run", _id).Error);
    }

    [ChainTheory]
    [InlineData("createRuntime", "kill -9 $$", "signal: killed")]
    [InlineData("createContainer", "kill -6 $$", "signal: aborted")]
    [InlineData("createRuntime", "kill -14 $$", "signal: alarm clock")]
    [InlineData("createRuntime", "kill -40 $$", "signal: signal 40")]
    [InlineData("createRuntime", "exit 137", "exit status 137")]
    public void A_hook_that_a_signal_ends_is_told_from_one_that_exits(string kind, string script, string end)
    {
        Add(kind, $"echo o; {script}");
        Assert.Contains($"error running {kind} hook #0: {end}, stdout: o\\n, stderr: \"", _bundle.Runtime(Programs.NaruRunc, "run", _id).Error);
        Assert.Empty(Directory.GetFileSystemEntries(_bundle.State));
    }

    [ChainFact]
    public void Hooks_are_told_in_the_form_of_the_runtimes_own_version()
    {
        // As with runc; the bundle's version is what state says.
        foreach (var kind in new[] { "prestart", "createRuntime", "createContainer", "poststart", "poststop" })
            Add(kind, $"grep -o '\"ociVersion\":\"[^\"]*' >>{_bundle.Folder["log"]}");
        Add("startContainer", "grep -o '\"ociVersion\":\"[^\"]*' >/log");
        _bundle.Change(spec => spec["ociVersion"] = "1.0.1");
        Assert.Equal(0, _bundle.Runtime(Programs.NaruRunc, "run", _id).Code);
        var line = $"\"ociVersion\":\"{Command.Must(Programs.NaruRunc, "--version").Split("spec: ")[1]}";
        Assert.Equal(Enumerable.Repeat(line, 5), File.ReadAllLines(_bundle.Folder["log"]));
        Assert.Equal([line], File.ReadAllLines(_bundle.Folder["rootfs/log"]));
    }

    [ChainFact]
    public void A_hook_that_is_not_there_is_named()
    {
        Add("createRuntime", "true");
        _bundle.Change(spec => spec["hooks"]!["createRuntime"]![0]!["path"] = "/not/there");
        Assert.Contains("error running createRuntime hook #0: fork/exec /not/there: no such file or directory", _bundle.Runtime(Programs.NaruRunc, "run", _id).Error);
    }

    [ChainFact]
    public void A_hook_has_the_arguments_and_the_environment_it_names()
    {
        Add("createRuntime", $"echo $0 $1 $A \"$HOME\" >{_bundle.Folder["log"]}");
        _bundle.Change(spec =>
        {
            spec["hooks"]!["createRuntime"]![0]!["args"] = new JsonArray("sh", "-c", $"echo $0 $1 $A \"$HOME\" >{_bundle.Folder["log"]}", "zero", "one");
            spec["hooks"]!["createRuntime"]![0]!["env"] = new JsonArray("A=b");
        });
        Assert.Equal(0, _bundle.Runtime(Programs.NaruRunc, "run", _id).Code);
        Assert.Equal("zero one b \n", File.ReadAllText(_bundle.Folder["log"]));
    }

    private void Add(string kind, string script) => _bundle.Change(spec =>
    {
        var hooks = spec["hooks"] ??= new JsonObject();
        (hooks[kind] ??= new JsonArray()).AsArray().Add(new JsonObject { ["path"] = "/bin/sh", ["args"] = new JsonArray("sh", "-c", script) });
    });
}
