using System.Text.Json.Nodes;

namespace Naru.Vm.Tests;

/// <summary>process.selinuxLabel and linux.mountLabel where the kernel has SELinux, with the policy of eng/vm/selinux.conf. These alone run in a machine that is started so.</summary>
public sealed class SelinuxTests : IDisposable
{
    private const string Process = "system_u:system_r:container_t:s0:c1,c2";
    private const string Mounted = "system_u:object_r:container_file_t:s0:c1,c2";

    private readonly string _id = $"nvx-{Guid.NewGuid():N}"[..16];
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ChainTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_process_of_a_container_has_its_label(bool noNewPrivileges)
    {
        using var held = new HeldContainer(_id, spec =>
        {
            spec["process"]!["selinuxLabel"] = Process;
            spec["process"]!["noNewPrivileges"] = noNewPrivileges;
        });
        Assert.Equal(Process, held.Must("exec", _id, "cat", "/proc/1/attr/current").TrimEnd('\0'));
        Assert.Equal(Process, held.Must("exec", _id, "cat", "/proc/self/attr/current").TrimEnd('\0'));
    }

    [ChainFact]
    public void An_exec_has_the_label_that_it_asks_for()
    {
        const string other = "system_u:system_r:container_t:s0:c3";
        using var held = new HeldContainer(_id, spec => spec["process"]!["selinuxLabel"] = Process);
        Assert.Equal(other, held.Must("exec", "--process-label", other, _id, "cat", "/proc/self/attr/current").TrimEnd('\0'));
        File.WriteAllText(_folder["process.json"], $$"""{"cwd": "/", "args": ["/bin/cat", "/proc/self/attr/current"], "selinuxLabel": "{{other}}"}""");
        Assert.Equal(other, held.Must("exec", "--process", _folder["process.json"], _id).TrimEnd('\0'));
    }

    [ChainFact]
    public void A_container_reads_what_its_label_may_and_nothing_else()
    {
        using var held = new HeldContainer(_id, spec => spec["process"]!["selinuxLabel"] = Process);
        foreach (var (name, label) in new[] { ("own", Mounted), ("others", "system_u:object_r:container_file_t:s0:c3"), ("secret", "system_u:object_r:secret_t:s0") })
        {
            File.WriteAllText(held.Bundle.Folder[$"rootfs/tmp/{name}"], name);
            Command.Must("chcon", label, held.Bundle.Folder[$"rootfs/tmp/{name}"]);
        }

        Assert.Equal("own", held.Must("exec", _id, "cat", "/tmp/own"));
        Assert.Contains("'/tmp/others': Permission denied", held.Run("exec", _id, "cat", "/tmp/others").Error);
        Assert.Contains("'/tmp/secret': Permission denied", held.Run("exec", _id, "cat", "/tmp/secret").Error);
    }

    [ChainFact]
    public void New_file_systems_have_the_mount_label_and_those_of_the_kernel_have_not()
    {
        using var held = new HeldContainer(_id, spec =>
        {
            spec["process"]!["selinuxLabel"] = Process;
            spec["linux"]!["mountLabel"] = Mounted;
            spec["linux"]!["maskedPaths"] = new JsonArray("/sys/kernel");
        });
        var mounts = held.Must("exec", _id, "cat", "/proc/mounts").TrimEnd().Split('\n').Select(line => line.Split(' ')).ToLookup(parts => parts[1], parts => parts[3]);
        foreach (var place in new[] { "/dev", "/dev/pts", "/dev/shm", "/sys/kernel" })
            Assert.Contains($"context=\"{Mounted}\"", mounts[place].Last());
        foreach (var place in new[] { "/proc", "/sys", "/dev/mqueue", "/sys/fs/cgroup" })
            Assert.DoesNotContain("context=", mounts[place].Last());
        Assert.Equal(Mounted, LabelOf(held, "/dev/mqueue"));
        Assert.Equal(Mounted, LabelOf(held, "/dev/null"));
        Assert.Equal("system_u:object_r:file_t:s0", LabelOf(held, "/bin/busybox"));
    }

    [ChainFact]
    public void The_session_keyring_has_the_label_of_the_process()
    {
        // keyctl(KEYCTL_GET_SECURITY, KEY_SPEC_SESSION_KEYRING, …)
        const string ask = "import ctypes; b = ctypes.create_string_buffer(256); n = ctypes.CDLL(None).syscall(250, 17, -3, b, 256); print(n, b.value.decode())";
        using var bundle = new Bundle("/usr/bin/python3", "-c", ask);
        bundle.Change(spec =>
        {
            spec["process"]!["selinuxLabel"] = Process;
            foreach (var folder in new[] { "usr", "lib", "lib64" })
                spec["mounts"]!.AsArray().Add(JsonNode.Parse($$"""{"destination": "/{{folder}}", "source": "/{{folder}}", "options": ["rbind", "ro"]}"""));
        });
        var result = bundle.Runtime(Programs.NaruRunc, "run", _id);
        Assert.True(result.Code == 0, result.ToString());
        Assert.Equal($"{Process.Length + 1} {Process}\n", result.Out);
    }

    [ChainTheory]
    [InlineData("process", "selinuxLabel", "can't set process label: write attr/")]
    [InlineData("linux", "mountLabel", "context=\\\"no:such:label:s0\\\": invalid argument")]
    public void A_label_that_the_policy_does_not_know_is_refused_and_leaves_nothing(string part, string member, string message)
    {
        using var bundle = new Bundle("true");
        bundle.Change(spec => spec[part]![member] = "no:such:label:s0");
        var result = bundle.Runtime(Programs.NaruRunc, "run", _id);
        Assert.Equal(1, result.Code);
        Assert.Contains(message, result.Error);
        Assert.Empty(Directory.GetFileSystemEntries(bundle.State));
    }

    /// <summary>The label of a file as the container has it.</summary>
    private static string LabelOf(HeldContainer held, string path) =>
        Command.Must("python3", "-c", "import os, sys; print(os.getxattr(sys.argv[1], 'security.selinux').decode().rstrip('\\0'))", $"/proc/{ContainerCgroups.Pid(held)}/root{path}");
}
