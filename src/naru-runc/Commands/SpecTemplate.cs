using System.Buffers;
using System.Text.Json;
using Naru.Linux;
using Naru.Runtime;

namespace Naru.Runc.Commands;

/// <summary>The configuration that a bundle begins with: the same bytes as runc's.</summary>
internal sealed class SpecTemplate
{
    private const long UnifiedCgroups = 0x63677270;

    private static readonly string[] Capabilities = ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"];

    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private readonly Utf8JsonWriter _json;
    private readonly bool _rootless;

    private SpecTemplate(bool rootless)
    {
        _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Indented = true, IndentCharacter = '\t', IndentSize = 1, NewLine = "\n" });
        _rootless = rootless;
    }

    /// <param name="rootless">For the user who asks: with a user namespace, and without what takes more rights.</param>
    public static byte[] Of(bool rootless)
    {
        var template = new SpecTemplate(rootless);
        using (template._json)
            template.Write();
        return template._buffer.WrittenSpan.ToArray();
    }

    private void Write()
    {
        _json.WriteStartObject();
        _json.WriteString("ociVersion", RuntimeInfo.SpecVersion);
        WriteProcess();
        _json.WriteStartObject("root");
        _json.WriteString("path", "rootfs");
        _json.WriteBoolean("readonly", true);
        _json.WriteEndObject();
        _json.WriteString("hostname", "runc");
        WriteMounts();
        WriteLinux();
        _json.WriteEndObject();
    }

    private void WriteProcess()
    {
        _json.WriteStartObject("process");
        _json.WriteBoolean("terminal", true);
        _json.WriteStartObject("user");
        _json.WriteNumber("uid", 0);
        _json.WriteNumber("gid", 0);
        _json.WriteEndObject();
        WriteTexts("args", "sh");
        WriteTexts("env", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm");
        _json.WriteString("cwd", "/");
        _json.WriteStartObject("capabilities");
        WriteTexts("bounding", Capabilities);
        WriteTexts("effective", Capabilities);
        WriteTexts("permitted", Capabilities);
        _json.WriteEndObject();
        _json.WriteStartArray("rlimits");
        _json.WriteStartObject();
        _json.WriteString("type", "RLIMIT_NOFILE");
        _json.WriteNumber("hard", 1024);
        _json.WriteNumber("soft", 1024);
        _json.WriteEndObject();
        _json.WriteEndArray();
        _json.WriteBoolean("noNewPrivileges", true);
        _json.WriteEndObject();
    }

    private void WriteMounts()
    {
        _json.WriteStartArray("mounts");
        WriteMount("/proc", "proc", "proc");
        WriteMount("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k");
        string[] terminals = ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"];
        // The group tty is none that a user may map.
        WriteMount("/dev/pts", "devpts", "devpts", _rootless ? terminals : [.. terminals, "gid=5"]);
        WriteMount("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k");
        WriteMount("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev");
        // A new sysfs takes a network namespace of one's own.
        if (_rootless)
            WriteMount("/sys", "none", "/sys", "rbind", "nosuid", "noexec", "nodev", "ro");
        else
            WriteMount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro");
        WriteMount("/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev", "relatime", "ro");
        _json.WriteEndArray();
    }

    private void WriteLinux()
    {
        _json.WriteStartObject("linux");
        if (_rootless)
        {
            WriteMapping("uidMappings", Processes.EffectiveUid);
            WriteMapping("gidMappings", Processes.EffectiveGid);
        }
        else
        {
            _json.WriteStartObject("resources");
            _json.WriteStartArray("devices");
            _json.WriteStartObject();
            _json.WriteBoolean("allow", false);
            _json.WriteString("access", "rwm");
            _json.WriteEndObject();
            _json.WriteEndArray();
            _json.WriteEndObject();
        }

        WriteNamespaces();
        WriteTexts("maskedPaths", "/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats",
            "/proc/sched_debug", "/sys/firmware", "/proc/scsi");
        WriteTexts("readonlyPaths", "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");
        _json.WriteEndObject();
    }

    private void WriteNamespaces()
    {
        List<string> kinds = ["pid", "network", "ipc", "uts", "mount"];
        if (_rootless)
            kinds.Remove("network");
        using (var mount = Files.TryOpen("/sys/fs/cgroup", OpenFlags.PathOnly))
        {
            if (mount is not null && Files.FileSystem(mount).Type == UnifiedCgroups)
                kinds.Add("cgroup");
        }

        if (_rootless)
            kinds.Add("user");
        _json.WriteStartArray("namespaces");
        foreach (var kind in kinds)
        {
            _json.WriteStartObject();
            _json.WriteString("type", kind);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
    }

    private void WriteMount(string destination, string type, string source, params ReadOnlySpan<string> options)
    {
        _json.WriteStartObject();
        _json.WriteString("destination", destination);
        _json.WriteString("type", type);
        _json.WriteString("source", source);
        if (options.Length > 0)
            WriteTexts("options", options);
        _json.WriteEndObject();
    }

    private void WriteMapping(string name, uint own)
    {
        _json.WriteStartArray(name);
        _json.WriteStartObject();
        _json.WriteNumber("containerID", 0);
        _json.WriteNumber("hostID", own);
        _json.WriteNumber("size", 1);
        _json.WriteEndObject();
        _json.WriteEndArray();
    }

    private void WriteTexts(string name, params ReadOnlySpan<string> texts)
    {
        _json.WriteStartArray(name);
        foreach (var text in texts)
            _json.WriteStringValue(text);
        _json.WriteEndArray();
    }
}
