using System.Text;
using Naru.Base;
using Naru.Linux;

namespace Naru.Runc.Commands;

/// <summary>spec and features.</summary>
internal static class SpecCommand
{
    private const string Capabilities = "[\"CAP_AUDIT_WRITE\",\"CAP_KILL\",\"CAP_NET_BIND_SERVICE\"]";

    private const string Template = $$"""
        {
        	"ociVersion": "1.2.0",
        	"process": {
        		"terminal": true,
        		"user": {"uid": 0, "gid": 0},
        		"args": ["sh"],
        		"env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm"],
        		"cwd": "/",
        		"capabilities": {"bounding": {{Capabilities}}, "effective": {{Capabilities}}, "permitted": {{Capabilities}}},
        		"rlimits": [{"type": "RLIMIT_NOFILE", "hard": 1024, "soft": 1024}],
        		"noNewPrivileges": true
        	},
        	"root": {"path": "rootfs", "readonly": true},
        	"hostname": "runc",
        	"mounts": [
        		{"destination": "/proc", "type": "proc", "source": "proc"},
        		{"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "strictatime", "mode=755", "size=65536k"]},
        		{"destination": "/dev/pts", "type": "devpts", "source": "devpts",
        			"options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]},
        		{"destination": "/dev/shm", "type": "tmpfs", "source": "shm", "options": ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"]},
        		{"destination": "/dev/mqueue", "type": "mqueue", "source": "mqueue", "options": ["nosuid", "noexec", "nodev"]},
        		{"destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["nosuid", "noexec", "nodev", "ro"]},
        		{"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["nosuid", "noexec", "nodev", "relatime", "ro"]}
        	],
        	"linux": {
        		"resources": {"devices": [{"allow": false, "access": "rwm"}]},
        		"namespaces": [{"type": "pid"}, {"type": "network"}, {"type": "ipc"}, {"type": "uts"}, {"type": "mount"}, {"type": "cgroup"}],
        		"maskedPaths": ["/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats",
        			"/proc/sched_debug", "/sys/firmware", "/proc/scsi"],
        		"readonlyPaths": ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]
        	}
        }

        """;

    public static int Write(Invocation invocation)
    {
        var arguments = Arguments.Parse(invocation.Words, "bundle,b=", "rootless");
        if (arguments.Has("rootless"))
            throw new NaruException(ErrorKind.Unimplemented, "rootless containers are not supported");
        var path = Path.Combine(arguments.Value("bundle") ?? ".", "config.json");
        if (File.Exists(path))
            throw NaruException.Exists("File config.json exists. Remove it first");
        using var handle = Files.Open(path, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, 0x1B6);
        Files.Write(handle, Encoding.UTF8.GetBytes(Template));
        return 0;
    }

    public static int Features()
    {
        Files.WriteStandard(1, FeatureList.Text);
        return 0;
    }
}
