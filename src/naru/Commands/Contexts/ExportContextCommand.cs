using System.Formats.Tar;
using System.Text;
using Naru.Cli.Config;
using Naru.Cli.Terminal;

namespace Naru.Cli.Commands.Contexts;

/// <summary>`context export`: meta.json and the TLS files as a tar.</summary>
internal static class ExportContextCommand
{
    public static Command Create()
    {
        var command = new Command("export [OPTIONS] CONTEXT [FILE|-]", "Export a context to a tar archive FILE or a tar stream on STDOUT.") { Arguments = new ArgumentCount(1, 2) };
        command.Run = (context, words) =>
        {
            var name = words[0];
            var to = words.Count > 1 ? words[1] : name + ".dockercontext";
            var store = new ContextStore(context.Config.Folder);
            if (name == ContextStore.Default)
                throw new ExitException(1, "context: context \"default\" cannot be exported");
            var stored = store.Get(name);
            if (to == "-")
            {
                if (ConsoleTerminal.IsTerminal(1))
                    throw new ExitException(1, "cowardly refusing to export to a terminal, specify a file path");
                Write(Streams.Out, store, stored);
                return 0;
            }

            if (File.Exists(to))
                throw new ExitException(1, $"open {to}: file exists");
            using (var file = new FileStream(to, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
                Write(file, store, stored);
            context.ErrorLine($"Written file {GoText.Quote(to)}");
            return 0;
        };
        return command;
    }

    private static void Write(Stream into, ContextStore store, StoredContext stored)
    {
        using var writer = new TarWriter(into, TarEntryFormat.Pax, leaveOpen: true);
        Put("meta.json", Encoding.UTF8.GetBytes(stored.Json.ToJsonString()));
        foreach (var (name, bytes) in store.Tls(stored.Name))
            Put("tls/docker/" + name, bytes);

        void Put(string name, byte[] bytes) => writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(bytes), Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
    }
}
