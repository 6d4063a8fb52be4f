using System.Text.Json.Nodes;

namespace Naru.Vm.Tests;

/// <summary>process.apparmorProfile where the kernel has AppArmor: asked of the process itself, and of what it may not do.</summary>
public sealed class AppArmorTests : IDisposable
{
    private readonly string _id = $"nva-{Guid.NewGuid():N}"[..16];
    private readonly TempFolder _folder = new();

    public AppArmorTests()
    {
        File.WriteAllText(_folder["profiles"], $$"""
            profile {{Main}} flags=(attach_disconnected,mediate_deleted) { file, capability, network, mount, signal, ptrace, deny /tmp/secret r, }
            profile {{Other}} flags=(attach_disconnected,mediate_deleted) { file, capability, network, mount, signal, ptrace, }
            """);
        Command.Must("apparmor_parser", "--replace", "--skip-cache", _folder["profiles"]);
    }

    private string Main => $"{_id}-main";

    private string Other => $"{_id}-other";

    public void Dispose()
    {
        Command.Must("apparmor_parser", "--remove", _folder["profiles"]);
        _folder.Dispose();
    }

    [ChainTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_process_of_a_container_has_its_profile(bool noNewPrivileges)
    {
        using var held = new HeldContainer(_id, spec =>
        {
            spec["process"]!["apparmorProfile"] = Main;
            spec["process"]!["noNewPrivileges"] = noNewPrivileges;
        });
        Assert.Equal($"{Main} (enforce)\n", held.Must("exec", _id, "cat", "/proc/1/attr/current"));
        Assert.Equal($"{Main} (enforce)\n", held.Must("exec", _id, "cat", "/proc/self/attr/current"));
        File.WriteAllText(held.Bundle.Folder["rootfs/tmp/secret"], "secret");
        Assert.Contains("'/tmp/secret': Permission denied", held.Run("exec", _id, "cat", "/tmp/secret").Error);
    }

    [ChainFact]
    public void An_exec_has_the_profile_that_it_asks_for()
    {
        using var held = new HeldContainer(_id, spec => spec["process"]!["apparmorProfile"] = Main);
        Assert.Equal($"{Other} (enforce)\n", held.Must("exec", "--apparmor", Other, _id, "cat", "/proc/self/attr/current"));
        File.WriteAllText(_folder["process.json"], $$"""{"cwd": "/", "args": ["/bin/cat", "/proc/self/attr/current"], "apparmorProfile": "{{Other}}"}""");
        Assert.Equal($"{Other} (enforce)\n", held.Must("exec", "--process", _folder["process.json"], _id));
        File.WriteAllText(_folder["process.json"], """{"cwd": "/", "args": ["/bin/cat", "/proc/self/attr/current"]}""");
        // One that names none has the container's, as with runc.
        Assert.Equal($"{Main} (enforce)\n", held.Must("exec", "--process", _folder["process.json"], _id));
    }

    [ChainFact]
    public void A_profile_that_is_not_there_is_refused_and_leaves_nothing()
    {
        using var bundle = new Bundle("true");
        bundle.Change(spec => spec["process"]!["apparmorProfile"] = "no-such-profile");
        var result = bundle.Runtime(Programs.NaruRunc, "run", _id);
        Assert.Equal(1, result.Code);
        Assert.Contains("unable to apply apparmor profile: apparmor failed to apply profile: write attr/exec: no such file or directory", result.Error);
        Assert.Empty(Directory.GetFileSystemEntries(bundle.State));
    }
}
