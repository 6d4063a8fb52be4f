using System.Buffers;
using System.Text;
using System.Text.Json;
using Naru.Linux;

namespace Naru.Runtime.Features;

/// <summary>The runtime-spec's features document (features.md): what callers may ask of this runtime.</summary>
public static class RuntimeFeatures
{
    /// <summary>The document, indented as runc's, with a newline at its end.</summary>
    /// <param name="version">The program's.</param>
    public static string Describe(string version)
    {
        var buffer = new ArrayBufferWriter<byte>(8192);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, IndentSize = 4, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("ociVersionMin", "1.0.0");
            json.WriteString("ociVersionMax", RuntimeInfo.SpecVersion);
            WriteWords(json, "hooks", Supported.Hooks);
            WriteWords(json, "mountOptions", Vocabulary.MountOptions);
            WriteLinux(json);
            json.WriteStartObject("annotations");
            json.WriteString("io.naru.runc.version", version);
            json.WriteString("org.opencontainers.runc.checkpoint.enabled", Supported.Checkpoint ? "true" : "false");
            json.WriteEndObject();
            WriteWords(json, "potentiallyUnsafeConfigAnnotations", Supported.UnsafeAnnotations);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void WriteLinux(Utf8JsonWriter json)
    {
        json.WriteStartObject("linux");
        WriteWords(json, "namespaces", Vocabulary.Namespaces);
        WriteWords(json, "capabilities", Capabilities.Known);
        json.WriteStartObject("cgroup");
        json.WriteBoolean("v1", Supported.CgroupVersion1);
        json.WriteBoolean("v2", Supported.CgroupVersion2);
        json.WriteBoolean("systemd", Supported.SystemdCgroup);
        json.WriteBoolean("systemdUser", Supported.SystemdUserCgroup);
        json.WriteBoolean("rdma", Supported.Rdma);
        json.WriteEndObject();
        json.WriteStartObject("seccomp");
        json.WriteBoolean("enabled", Supported.Seccomp);
        WriteWords(json, "actions", Vocabulary.SeccompActions);
        WriteWords(json, "operators", Vocabulary.SeccompOperators);
        WriteWords(json, "archs", Vocabulary.SeccompArchitectures);
        WriteWords(json, "knownFlags", Vocabulary.SeccompFlags);
        WriteWords(json, "supportedFlags", Vocabulary.SeccompFlags);
        json.WriteEndObject();
        WriteEnabled(json, "apparmor", Supported.AppArmor);
        WriteEnabled(json, "selinux", Supported.Selinux);
        WriteEnabled(json, "intelRdt", Supported.IntelRdt);
        json.WriteStartObject("mountExtensions");
        WriteEnabled(json, "idmap", Vocabulary.MountOptions.Contains("idmap"));
        json.WriteEndObject();
        if (Supported.NetDevices)
            WriteEnabled(json, "netDevices", true);
        json.WriteEndObject();
    }

    private static void WriteEnabled(Utf8JsonWriter json, string name, bool enabled)
    {
        json.WriteStartObject(name);
        json.WriteBoolean("enabled", enabled);
        json.WriteEndObject();
    }

    private static void WriteWords(Utf8JsonWriter json, string name, IReadOnlyList<string> words)
    {
        json.WriteStartArray(name);
        foreach (var word in words)
            json.WriteStringValue(word);
        json.WriteEndArray();
    }
}
