using System.Text.Json;
using Naru.HubServer.Site.Components;
using Naru.HubServer.Site.Models;

namespace Naru.HubServer.Site;

/// <summary>What the program in the page asks for; sizes and counts come as they are to be read.</summary>
internal static class SiteJson
{
    /// <summary><c>{"found":[{name, description, private, pulls}]}</c></summary>
    public static void Found(Utf8JsonWriter writer, Shell shell, IReadOnlyList<RepositoryCard> found)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("found");
        foreach (var card in found)
        {
            writer.WriteStartObject();
            writer.WriteString("name", card.Name);
            writer.WriteString("description", card.Description);
            writer.WriteBoolean("private", card.Private);
            writer.WriteString("pulls", shell.Texts.PullCount(card.Pulls));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary><c>{"entries":[{name, path, change, folder, size, mode, target?}], "cut"}</c></summary>
    public static void Files(Utf8JsonWriter writer, Shell shell, FilesModel files)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("entries");
        foreach (var entry in files.Entries)
        {
            writer.WriteStartObject();
            writer.WriteString("name", entry.Name);
            writer.WriteString("path", entry.Path);
            writer.WriteString("change", FileTree.ClassOf(entry.Change));
            writer.WriteBoolean("folder", entry.Folder);
            writer.WriteString("size", entry.Change == FileChange.Hidden ? "" : shell.Texts.Size(entry.Size));
            writer.WriteString("mode", entry.Mode);
            if (entry.Target is { } target)
                writer.WriteString("target", target);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteBoolean("cut", files.Cut);
        writer.WriteEndObject();
    }

    /// <summary><c>{"running", "phase", "done", "total"}</c></summary>
    public static void Collection(Utf8JsonWriter writer, CollectionModel collection)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("running", collection.Running);
        writer.WriteString("phase", collection.Phase);
        writer.WriteNumber("done", collection.Done);
        writer.WriteNumber("total", collection.Total);
        writer.WriteEndObject();
    }
}
