namespace Naru.Chain.Tests;

/// <summary>The default container as it sees itself: exactly Docker's default, no more and no less.</summary>
public sealed class HardeningTests(Engine engine) : IClassFixture<Engine>
{
    [ChainFact]
    public void Capabilities_are_the_fourteen() =>
        Assert.Equal("CapInh:0000000000000000 CapPrm:00000000a80425fb CapEff:00000000a80425fb CapBnd:00000000a80425fb CapAmb:0000000000000000",
            Inside("grep ^Cap /proc/self/status | tr -d '\\t' | tr '\\n' ' ' | sed 's/ $//'"));

    [ChainFact]
    public void The_filter_is_on() => Assert.Equal("2", Inside("awk '/^Seccomp:/{print $2}' /proc/self/status"));

    [ChainFact]
    public void A_new_user_namespace_and_a_mount_are_refused()
    {
        Assert.NotEqual("0", Inside("unshare -U true 2>/dev/null; echo $?"));
        Assert.NotEqual("0", Inside("mount -t tmpfs none /tmp 2>/dev/null; echo $?"));
    }

    [ChainFact]
    public void Descriptors_are_0_1_2() =>
        // the fourth is the folder that ls reads
        Assert.Equal("0 1 2 3", Inside("ls /proc/self/fd | sort -n | tr '\\n' ' ' | sed 's/ $//'"));

    [ChainFact]
    public void Kernel_files_are_masked() =>
        Assert.Equal("0 0 0", Inside("echo $(cat /proc/kcore /proc/keys /proc/timer_list 2>/dev/null | wc -c) $(ls /proc/scsi /proc/acpi 2>/dev/null | grep -v : | grep -c .) $(ls /sys/firmware | wc -l)"));

    [ChainFact]
    public void Kernel_settings_are_read_only()
    {
        foreach (var path in new[] { "/proc/sys/kernel/domainname", "/proc/sysrq-trigger", "/sys/kernel/profiling" })
        {
            Assert.Equal("refused", Inside($"echo 0 2>/dev/null >{path} || echo refused"));
        }
    }

    [ChainFact]
    public void Read_only_reaches_what_is_mounted_below()
    {
        var folder = Directory.CreateDirectory(engine.Folder["outer"]).FullName;
        var below = Directory.CreateDirectory(Path.Combine(folder, "below")).FullName;
        Command.Must("mount", "-t", "tmpfs", "below", below);
        try
        {
            const string Touch = "touch /m/x /m/below/x 2>&1 | grep -c Read-only; ls /m/below";
            Assert.Equal("2", engine.Must("run", "--rm", "-v", folder + ":/m:ro", Engine.Image, "sh", "-c", Touch));
            Assert.Equal("2", engine.Must("run", "--rm", "--mount", $"type=bind,src={folder},dst=/m,readonly,bind-recursive=readonly,bind-propagation=rprivate", Engine.Image, "sh", "-c", Touch));
            Assert.Equal("1\nx", engine.Must("run", "--rm", "--mount", $"type=bind,src={folder},dst=/m,readonly,bind-recursive=writable", Engine.Image, "sh", "-c", Touch));
        }
        finally
        {
            Command.Must("umount", below);
        }
    }

    [ChainFact]
    public void Devices_are_the_few()
    {
        var devices = Inside("ls /dev").Split('\n');
        string[] core = File.Exists("/proc/kcore") ? ["core"] : [];
        Assert.Equal([.. core, "fd", "full", "mqueue", "null", "ptmx", "pts", "random", "shm", "stderr", "stdin", "stdout", "tty", "urandom", "zero"], devices.Order(StringComparer.Ordinal));
        Assert.Equal("refused", Inside("mknod /tmp/disk b 8 0 && cat /tmp/disk 2>/dev/null || echo refused"));
    }

    [ChainFact]
    public void An_exec_gets_the_same()
    {
        engine.Must("run", "-d", "--name", "held", Engine.Image, "sleep", "60");
        Assert.Equal("00000000a80425fb 2 4", engine.Must("exec", "held", "sh", "-c", "echo $(awk '/^CapEff/{print $2}' /proc/self/status) $(awk '/^Seccomp:/{print $2}' /proc/self/status) $(ls /proc/self/fd | wc -l)"));
        engine.Must("rm", "-f", "held");
    }

    [ChainFact]
    public void The_root_of_images_is_closed_to_others()
    {
        var mode = Convert.ToInt32(Command.Must("stat", "-c", "%a", engine.Data), 8);
        Assert.Equal(0, mode & 7);
    }

    private string Inside(string script) => engine.Must("run", "--rm", Engine.Image, "sh", "-c", script);
}
