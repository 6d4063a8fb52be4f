using System.Formats.Tar;
using Naru.Cli.Config;
using Naru.Cli.Terminal;

namespace Naru.Cli.Commands.Contexts;

/// <summary>`context import`: what `context export` wrote.</summary>
internal static class ImportContextCommand
{
    private const int MaximumFile = 10 * 1024 * 1024;

    public static Command Create()
    {
        var command = new Command("import CONTEXT FILE|-", "Import a context from a tar or zip file") { Arguments = ArgumentCount.Exactly(2) };
        command.Run = (context, words) =>
        {
            var (name, from) = (words[0], words[1]);
            var store = new ContextStore(context.Config.Folder);
            ContextStore.CheckName(name);
            if (store.Exists(name))
                throw new ExitException(1, $"context {GoText.Quote(name)} already exists");
            if (from != "-" && !File.Exists(from))
                throw new ExitException(1, $"open {from}: no such file or directory");
            using var archive = from == "-" ? Streams.In : File.OpenRead(from);
            Read(archive, store, name);
            context.Line(name);
            context.ErrorLine($"Successfully imported context {GoText.Quote(name)}");
            return 0;
        };
        return command;
    }

    private static void Read(Stream archive, ContextStore store, string name)
    {
        StoredContext? stored = null;
        var tls = new Dictionary<string, byte[]>();
        try
        {
            using var reader = new TarReader(archive);
            while (reader.GetNextEntry() is { } entry)
            {
                if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) || entry.DataStream is null)
                    continue;
                if (entry.Length > MaximumFile)
                    throw new ExitException(1, "unexpected context file: too large");
                var file = entry.Name.StartsWith("tls/docker/", StringComparison.Ordinal) ? entry.Name[11..] : null;
                if (entry.Name != "meta.json" && (file is null || !ContextStore.TlsNames.Contains(file)))
                    throw new ExitException(1, $"{entry.Name}: unexpected context file");
                using var bytes = new MemoryStream();
                entry.DataStream.CopyTo(bytes);
                if (file is null)
                    stored = StoredContext.Parse(bytes.ToArray());
                else
                    tls[file] = bytes.ToArray();
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or global::System.Text.Json.JsonException)
        {
            throw new ExitException(1, $"invalid context archive: {e.Message}");
        }

        if (stored is null)
            throw new ExitException(1, "invalid context: no metadata found");
        store.Save(stored with { Name = name });
        store.SaveTls(name, tls);
    }
}
