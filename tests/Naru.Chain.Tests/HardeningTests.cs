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
    public void Whatever_there_is_of_the_masked_paths_is_empty() =>
        Assert.Equal("", Inside("""
            for p in /proc/asound /proc/acpi /proc/interrupts /proc/kcore /proc/keys /proc/latency_stats /proc/timer_list /proc/timer_stats /proc/sched_debug /proc/scsi \
                /sys/firmware /sys/devices/virtual/powercap; do
                if [ -d $p ]; then ls -A $p; touch $p/x 2>/dev/null && echo $p; elif [ -e $p ]; then stat -c '%n %F %t:%T' $p | grep -v 'character special file 1:3'; fi
            done
            """));

    [ChainFact]
    public void Read_only_paths_keep_the_flags_of_procfs() =>
        Assert.Equal("ro,nosuid,nodev,noexec,relatime", Inside("""
            for p in bus fs irq sys sysrq-trigger; do [ ! -e /proc/$p ] || grep " /proc/$p " /proc/self/mounts | cut -d' ' -f4; done | sort -u
            """));

    [ChainFact]
    public void Mounts_are_the_few() =>
        Assert.Equal(
            """
            /dev tmpfs rw,nosuid,size=65536k,mode=755
            /dev/mqueue mqueue rw,nosuid,nodev,noexec,relatime
            /dev/pts devpts rw,nosuid,noexec,relatime,gid=5,mode=620,ptmxmode=666
            /dev/shm tmpfs rw,nosuid,nodev,noexec,relatime,size=65536k
            /etc/hostname
            /etc/hosts
            /etc/resolv.conf
            /proc proc rw,nosuid,nodev,noexec,relatime
            /sys sysfs ro,nosuid,nodev,noexec,relatime
            """,
            Inside("""
                sed -n 's/,inode64//; s/^[^ ]* \(\/etc\/[^ ]*\) .*/\1/p; t; s/^[^ ]* \(\/[^ ]* [^ ]* [^ ]*\) .*/\1/p' /proc/mounts \
                    | grep -vE '^(/ |/proc/|/sys/(fs/cgroup|firmware|devices))' | sort
                """));

    [ChainFact]
    public void Cgroups_are_read_only() =>
        Assert.Equal("ro", Inside("grep ' /sys/fs/cgroup' /proc/self/mounts | cut -d' ' -f4 | cut -d, -f1 | sort -u"));

    [ChainFact]
    public void Namespaces_are_new_but_for_users_and_time()
    {
        string[] own = File.Exists("/sys/fs/cgroup/cgroup.controllers") ? ["cgroup", "ipc", "mnt", "net", "pid", "uts"] : ["ipc", "mnt", "net", "pid", "uts"];
        const string Look = "for n in cgroup ipc mnt net pid time user uts; do echo $n $(readlink /proc/self/ns/$n); done";
        var (inside, outside) = (Inside(Look).Split('\n'), Command.Must("sh", "-c", Look).Split('\n'));
        Assert.Equal(own, inside.Except(outside).Select(line => line.Split(' ')[0]));
    }

    [ChainFact]
    public void Low_ports_and_pings_need_no_capability() =>
        Assert.Equal("0\n0\t2147483647", Inside("cat /proc/sys/net/ipv4/ip_unprivileged_port_start /proc/sys/net/ipv4/ping_group_range"));

    [ChainFact]
    public void Device_rules_are_the_few()
    {
        if (File.Exists("/sys/fs/cgroup/cgroup.controllers"))
        {
            // (on v2 they are a program, which cannot be read: what it does is all that there is to see)
            Assert.Equal("refused", Inside("mknod /tmp/mem c 1 1; head -c 1 /tmp/mem 2>/dev/null || echo refused"));
            return;
        }

        var rules = Inside("cat /sys/fs/cgroup/devices/devices.list").Split('\n').Select(rule => rule.Trim());
        Assert.Equal(
            ["b *:* m", "c *:* m", "c 10:200 rwm", "c 136:* rwm", "c 1:3 rwm", "c 1:5 rwm", "c 1:7 rwm", "c 1:8 rwm", "c 1:9 rwm", "c 5:0 rwm", "c 5:1 rwm", "c 5:2 rwm"],
            rules.Order(StringComparer.Ordinal));
    }

    [ChainFact]
    public void The_engine_says_which_filter_it_uses() =>
        Assert.Contains("name=seccomp,profile=builtin", engine.Must("info", "-f", "{{.SecurityOptions}}"));

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
        Assert.Equal("0000000000000000 00000000a80425fb 00000000a80425fb 00000000a80425fb 0000000000000000 2 4",
            engine.Must("exec", "held", "sh", "-c", "echo $(awk '/^Cap/{print $2}' /proc/self/status) $(awk '/^Seccomp:/{print $2}' /proc/self/status) $(ls /proc/self/fd | wc -l)"));
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
