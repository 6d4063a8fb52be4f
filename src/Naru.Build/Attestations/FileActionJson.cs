using System.Globalization;
using System.Text.Json;
using Naru.Build.Graph;

namespace Naru.Build.Attestations;

/// <summary>One change of files as BuildKit's definition has it: pb.FileAction as JSON.</summary>
internal static class FileActionJson
{
    public static void Write(Utf8JsonWriter writer, FileAction action)
    {
        switch (action)
        {
            case CopyAction copy:
                Write(writer, copy);
                break;
            case MakeFolderAction folder:
                writer.WriteStartObject("mkdir");
                writer.WriteString("path", folder.Path);
                writer.WriteNumber("mode", folder.Mode);
                writer.WriteBoolean("makeParents", true);
                WriteOwner(writer, folder.Owner);
                writer.WriteNumber("timestamp", folder.Time is { } time ? time * 1_000_000_000 : -1);
                writer.WriteEndObject();
                break;
            case WriteFileAction file:
                writer.WriteStartObject("mkfile");
                writer.WriteString("path", file.Path);
                writer.WriteNumber("mode", file.Mode);
                writer.WriteBase64String("data", file.Content);
                writer.WriteNumber("timestamp", -1);
                writer.WriteEndObject();
                break;
        }
    }

    private static void Write(Utf8JsonWriter writer, CopyAction copy)
    {
        writer.WriteStartObject("copy");
        // BuildKit has an action a source; ours are told as one, which is what they are here.
        writer.WriteString("src", string.Join(' ', copy.Sources));
        writer.WriteString("dest", copy.Target);
        WriteOwner(writer, copy.Owner);
        if (copy.Mode is { } mode && !IsOctal(mode))
            writer.WriteString("modeStr", mode);
        writer.WriteNumber("mode", copy.Mode is { } octal && IsOctal(octal) ? Convert.ToInt32(octal, 8) : -1);
        writer.WriteBoolean("followSymlink", true);
        writer.WriteBoolean("dirCopyContents", true);
        if (copy.Unpack)
            writer.WriteBoolean("attemptUnpackDockerCompatibility", true);
        writer.WriteBoolean("createDestPath", true);
        if (copy.Wildcards)
        {
            writer.WriteBoolean("allowWildcard", true);
            writer.WriteBoolean("allowEmptyWildcard", true);
        }

        writer.WriteNumber("timestamp", -1);
        if (copy.Exclude.Count > 0)
        {
            writer.WriteStartArray("exclude_patterns");
            foreach (var pattern in copy.Exclude)
                writer.WriteStringValue(pattern);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static bool IsOctal(string mode) => mode.Length is > 0 and < 8 && !mode.AsSpan().ContainsAnyExceptInRange('0', '7');

    private static void WriteOwner(Utf8JsonWriter writer, string? owner)
    {
        if (owner is null)
            return;
        writer.WriteStartObject("owner");
        var colon = owner.IndexOf(':');
        WriteOne(writer, "user", colon < 0 ? owner : owner[..colon]);
        if (colon >= 0)
            WriteOne(writer, "group", owner[(colon + 1)..]);
        writer.WriteEndObject();
    }

    private static void WriteOne(Utf8JsonWriter writer, string kind, string name)
    {
        if (name.Length == 0)
            return;
        writer.WriteStartObject(kind);
        writer.WriteStartObject("User");
        if (uint.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            writer.WriteNumber("byId", id);
        }
        else
        {
            writer.WriteStartObject("byName");
            writer.WriteString("name", name);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
