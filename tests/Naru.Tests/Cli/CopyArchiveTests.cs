using System.Formats.Tar;
using Naru.Cli;
using Naru.Cli.Commands.Copying;

namespace Naru.Tests.Cli;

public sealed class CopyArchiveTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("naru-copy-").FullName;

    private string Inside => Path.Combine(folder, "inside");

    private string Outside => Path.Combine(folder, "outside");

    public CopyArchiveTests()
    {
        Directory.CreateDirectory(Inside);
        Directory.CreateDirectory(Outside);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_folder_packed_unpacks_the_same()
    {
        var from = Path.Combine(Outside, "from");
        Directory.CreateDirectory(Path.Combine(from, "deep"));
        File.WriteAllText(Path.Combine(from, "deep", "file"), "text");
        File.CreateSymbolicLink(Path.Combine(from, "link"), "deep/file");
        using var archive = new MemoryStream();
        CopyArchive.Pack(archive, CopyPlace.Source(from, follow: false), "to");
        archive.Position = 0;
        CopyArchive.Unpack(archive, Inside, null, null);
        Assert.Equal("text", File.ReadAllText(Path.Combine(Inside, "to", "deep", "file")));
        Assert.Equal("deep/file", new FileInfo(Path.Combine(Inside, "to", "link")).LinkTarget);
    }

    [Fact]
    public void Entries_take_the_new_name()
    {
        CopyArchive.Unpack(Archive(("old/", null, null), ("old/file", "text", null), ("older", "other", null)), Inside, "old", "new");
        Assert.Equal("text", File.ReadAllText(Path.Combine(Inside, "new", "file")));
        Assert.True(File.Exists(Path.Combine(Inside, "older")));
    }

    [Fact]
    public void No_entry_leaves_the_folder()
    {
        Assert.Throws<ExitException>(() => CopyArchive.Unpack(Archive(("../outside/file", "text", null)), Inside, null, null));
        Assert.Throws<ExitException>(() => CopyArchive.Unpack(Archive(("link", null, Outside), ("link/file", "text", null)), Inside, null, null));
        Assert.Empty(Directory.GetFileSystemEntries(Outside));
    }

    [Fact]
    public void A_link_that_is_in_the_way_is_replaced_not_followed()
    {
        var victim = Path.Combine(Outside, "victim");
        File.WriteAllText(victim, "kept");
        CopyArchive.Unpack(Archive(("file", null, victim), ("file", "text", null)), Inside, null, null);
        Assert.Equal("kept", File.ReadAllText(victim));
        Assert.Equal("text", File.ReadAllText(Path.Combine(Inside, "file")));
    }

    [Fact]
    public void A_folder_is_not_replaced_by_a_file()
    {
        Directory.CreateDirectory(Path.Combine(Inside, "name"));
        Assert.Contains("cannot overwrite directory", Assert.Throws<ExitException>(() => CopyArchive.Unpack(Archive(("name", "text", null)), Inside, null, null)).Message);
    }

    private static MemoryStream Archive(params (string Name, string? Text, string? Link)[] entries)
    {
        var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var (name, text, link) in entries)
            {
                var type = link is not null ? TarEntryType.SymbolicLink : text is null ? TarEntryType.Directory : TarEntryType.RegularFile;
                var entry = new PaxTarEntry(type, name) { Mode = (UnixFileMode)(text is null ? 0b111_101_101 : 0b110_100_100) };
                if (link is not null)
                    entry.LinkName = link;
                if (text is not null)
                    entry.DataStream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text));
                writer.WriteEntry(entry);
            }
        }

        archive.Position = 0;
        return archive;
    }
}
