using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Naru.Base;
using Naru.Oci.Runtime;
using Naru.Runtime.SpecValidation;

namespace Naru.Runtime.State;

/// <summary>state.json, and what <c>state</c>, <c>list</c>, <c>ps</c> and hooks are told, as JSON with runc's names and order.</summary>
internal static class StateJson
{
    public static byte[] Write(ContainerState state) => Write(indented: false, json =>
    {
        json.WriteStartObject();
        json.WriteString("ociVersion", state.OciVersion);
        json.WriteString("id", state.Id);
        json.WriteNumber("pid", state.Pid);
        json.WriteNumber("startTime", state.StartTime);
        json.WriteString("bundle", state.Bundle);
        json.WriteString("rootfs", state.Rootfs);
        json.WriteString("created", state.Created);
        WriteMap(json, "annotations", state.Annotations);
        WriteMap(json, "cgroups", state.Cgroups);
        if (state.Resctrl is { } folder)
        {
            json.WriteString("resctrl", folder);
            WriteTexts(json, "resctrlOwn", state.ResctrlOwn);
        }

        if (state.CgroupUnit is not null)
            json.WriteString("cgroupUnit", state.CgroupUnit);
        if (state.RootlessCgroup)
            json.WriteBoolean("rootlessCgroup", true);
        json.WriteBoolean("sharedPid", state.SharedPid);
        if (state.Streams.Count > 0)
            WriteTexts(json, "streams", state.Streams);
        json.WriteBoolean("ownKeyring", state.OwnKeyring);
        WriteHooks(json, "poststart", state.Poststart);
        WriteHooks(json, "poststop", state.Poststop);
        json.WriteEndObject();
    });

    /// <exception cref="Naru.Base.NaruException">The file is no state.</exception>
    public static ContainerState Read(ReadOnlySpan<byte> document) => JsonCursor.Whole(document, static (ref JsonCursor json) =>
    {
        var state = new ContainerState();
        while (json.Next())
        {
            if (json.Is("ociVersion"u8))
                state = state with { OciVersion = json.Text() ?? "" };
            else if (json.Is("id"u8))
                state = state with { Id = json.Text() ?? "" };
            else if (json.Is("pid"u8))
                state = state with { Pid = json.Int32() ?? 0 };
            else if (json.Is("startTime"u8))
                state = state with { StartTime = json.UInt64() ?? 0 };
            else if (json.Is("bundle"u8))
                state = state with { Bundle = json.Text() ?? "" };
            else if (json.Is("rootfs"u8))
                state = state with { Rootfs = json.Text() ?? "" };
            else if (json.Is("created"u8))
                state = state with { Created = json.Text() ?? "" };
            else if (json.Is("annotations"u8))
                state = state with { Annotations = json.TextMap() };
            else if (json.Is("cgroups"u8))
                state = state with { Cgroups = json.TextMap() ?? [] };
            else if (json.Is("resctrl"u8))
                state = state with { Resctrl = json.Text() };
            else if (json.Is("resctrlOwn"u8))
                state = state with { ResctrlOwn = json.Texts() ?? [] };
            else if (json.Is("cgroupUnit"u8))
                state = state with { CgroupUnit = json.Text() };
            else if (json.Is("rootlessCgroup"u8))
                state = state with { RootlessCgroup = json.Flag() ?? false };
            else if (json.Is("sharedPid"u8))
                state = state with { SharedPid = json.Flag() ?? false };
            else if (json.Is("streams"u8))
                state = state with { Streams = json.Texts() ?? [] };
            else if (json.Is("ownKeyring"u8))
                state = state with { OwnKeyring = json.Flag() ?? false };
            else if (json.Is("poststart"u8))
                state = state with { Poststart = json.List(SpecParser.HookOf) };
            else if (json.Is("poststop"u8))
                state = state with { Poststop = json.List(SpecParser.HookOf) };
            else
                json.Skip();
        }

        return state;
    });

    /// <summary>What a hook reads on its standard input.</summary>
    public static byte[] Write(Oci.Runtime.State state) => Write(indented: false, json => WriteState(json, state));

    /// <summary>runtime-spec's container process state: what a seccomp agent gets with a descriptor.</summary>
    /// <param name="pid">Of the process that the descriptor is of, which an exec has made perhaps.</param>
    /// <param name="descriptor">The descriptor's name.</param>
    public static byte[] WriteProcess(Oci.Runtime.State state, int pid, string descriptor, string metadata) => Write(indented: false, json =>
    {
        json.WriteStartObject();
        json.WriteString("ociVersion", state.OciVersion);
        json.WriteStartArray("fds");
        json.WriteStringValue(descriptor);
        json.WriteEndArray();
        json.WriteNumber("pid", pid);
        if (metadata.Length > 0)
            json.WriteString("metadata", metadata);
        json.WritePropertyName("state");
        WriteState(json, state);
        json.WriteEndObject();
    });

    public static byte[] Write(StateListEntry entry) => Write(indented: true, json => WriteEntry(json, entry));

    public static byte[] Write(IReadOnlyList<StateListEntry> entries) => Write(indented: false, json =>
    {
        json.WriteStartArray();
        foreach (var entry in entries)
            WriteEntry(json, entry);
        json.WriteEndArray();
    });

    public static byte[] Write(IReadOnlyList<int> pids) => Write(indented: false, json =>
    {
        json.WriteStartArray();
        foreach (var pid in pids)
            json.WriteNumberValue(pid);
        json.WriteEndArray();
    });

    public static byte[] Write(IReadOnlyList<string> texts) => Write(indented: false, json =>
    {
        json.WriteStartArray();
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    });

    private static void WriteState(Utf8JsonWriter json, Oci.Runtime.State state)
    {
        json.WriteStartObject();
        json.WriteString("ociVersion", state.OciVersion);
        json.WriteString("id", state.Id);
        json.WriteString("status", state.Status);
        if (state.Pid != 0)
            json.WriteNumber("pid", state.Pid);
        json.WriteString("bundle", state.Bundle);
        WriteMap(json, "annotations", state.Annotations);
        json.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter json, StateListEntry entry)
    {
        json.WriteStartObject();
        json.WriteString("ociVersion", entry.OciVersion);
        json.WriteString("id", entry.Id);
        json.WriteNumber("pid", entry.Pid);
        json.WriteString("status", entry.Status);
        WriteText(json, "bundle", entry.Bundle);
        WriteText(json, "rootfs", entry.Rootfs);
        json.WriteString("created", entry.Created);
        WriteMap(json, "annotations", entry.Annotations);
        json.WriteString("owner", entry.Owner);
        json.WriteEndObject();
    }

    private static void WriteMap(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, string>? map)
    {
        if (map is not { Count: > 0 })
            return;
        json.WriteStartObject(name);
        foreach (var key in map.Keys.Order(StringComparer.Ordinal))
            WriteText(json, key, map[key]);
        json.WriteEndObject();
    }

    /// <summary>With Go's escapes.</summary>
    private static void WriteText(Utf8JsonWriter json, string name, string text)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(GoText.Json(text), skipInputValidation: true);
    }

    private static void WriteHooks(Utf8JsonWriter json, string name, IReadOnlyList<Hook>? hooks)
    {
        if (hooks is not { Count: > 0 })
            return;
        json.WriteStartArray(name);
        foreach (var hook in hooks)
        {
            json.WriteStartObject();
            json.WriteString("path", hook.Path);
            WriteTexts(json, "args", hook.Args);
            WriteTexts(json, "env", hook.Env);
            if (hook.Timeout is { } timeout)
                json.WriteNumber("timeout", timeout);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string>? texts)
    {
        if (texts is null)
            return;
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static byte[] Write(bool indented, Action<Utf8JsonWriter> content)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = indented, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            content(json);
        return buffer.WrittenSpan.ToArray();
    }
}
