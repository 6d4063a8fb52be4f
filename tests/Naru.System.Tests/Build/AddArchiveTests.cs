using System.Diagnostics;
using System.Formats.Tar;
using Naru.Base;
using Naru.Linux;

namespace Naru.System.Tests.Build;

public sealed class AddArchiveTests : IDisposable
{
    private const string Expected = "t Directory 755 0:0\nt/in Directory 711 21:22\nt/in/f File 600 21:22\nt/in/l Symlink 777 21:22";
    private readonly CopyRoom room = new();

    [Theory]
    [InlineData("")]
    [InlineData("gzip")]
    [InlineData("bzip2")]
    [InlineData("xz")]
    [InlineData("zstd")]
    public void Archives_are_known_by_their_content_and_unpacked(string compression)
    {
        Write("weird", Folder("in", 0x1C9), Text("in/f", "t", 0x180), Link("in/l", "f"));
        if (compression.Length > 0)
            Compress(compression);
        room.Apply(CopyRoom.Add("/weird", "/t"));
        Assert.Equal(Expected, room.List());
    }

    [Fact]
    public void What_is_no_archive_is_copied()
    {
        room.With(room.Source, "x.tar", "hello");
        File.WriteAllBytes(Path.Combine(room.Source, "empty.tar"), new byte[1024]);
        File.WriteAllBytes(Path.Combine(room.Source, "a.gz"), [0x1F, 0x8B, 8, 0, 1, 2, 3]);
        room.Apply(CopyRoom.Add("/x.tar", "/t/"), CopyRoom.Add("/empty.tar", "/t/"), CopyRoom.Add("/a.gz", "/t/"));
        Assert.Equal("t Directory 755 0:0\nt/a.gz File 644 0:0\nt/empty.tar File 644 0:0\nt/x.tar File 644 0:0", room.List());
    }

    [Fact]
    public void Without_unpacking_an_archive_is_a_file()
    {
        Write("a.tar", Text("f", "t", 0x180));
        room.Apply(CopyRoom.Copy("/a.tar", "/t/"));
        Assert.Equal("t Directory 755 0:0\nt/a.tar File 644 0:0", room.List());
    }

    [Fact]
    public void An_owner_is_that_of_all_and_the_mode_stays_the_archives()
    {
        Write("a.tar", Folder("in", 0x1C9), Text("in/f", "t", 0x180), Link("in/l", "f"));
        room.Apply(CopyRoom.Add("/a.tar", "/t") with { Owner = "5:6", Mode = "777" });
        Assert.Equal("t Directory 755 5:6\nt/in Directory 711 5:6\nt/in/f File 600 5:6\nt/in/l Symlink 777 5:6", room.List());
    }

    [Fact]
    public void What_is_in_the_way_is_replaced()
    {
        Write("a.tar", Folder("in", 0x1C9), Text("in/f", "t", 0x180), Link("in/l", "f"));
        Directory.CreateDirectory(Path.Combine(room.Target, "t/in/f/below"));
        room.With(room.Target, "t/in/l");
        room.Apply(CopyRoom.Add("/a.tar", "/t"));
        Assert.Equal(Expected, room.List());
    }

    [Fact]
    public void A_link_of_the_archives_own_leads_no_further_than_its_folder()
    {
        Write("evil.tar", Link("x", room.Outside), Text("x/evil", "e"), Link("up", "../../../../../../../" + room.Outside), Text("up/evil", "e"));
        room.Apply(CopyRoom.Add("/evil.tar", "/t"));
        room.CheckOutside();
        Assert.Equal("e", File.ReadAllText(Path.Combine(room.Target, "t") + room.Outside + "/evil"));
    }

    [Theory]
    [InlineData("../up")]
    [InlineData("a/../../up")]
    public void A_name_that_leaves_the_folder_is_refused(string name)
    {
        Write("evil.tar", Text(name, "e"));
        Assert.Equal($"invalid entry name \"{name}\"", Assert.Throws<NaruException>(() => room.Apply(CopyRoom.Add("/evil.tar", "/t"))).Message);
        room.CheckOutside();
    }

    [Fact]
    public void A_hard_link_takes_nothing_from_outside()
    {
        Write("evil.tar", new PaxTarEntry(TarEntryType.HardLink, "h") { LinkName = Path.Combine(room.Outside, "secret") });
        Assert.Throws<LinuxException>(() => room.Apply(CopyRoom.Add("/evil.tar", "/t")));
        room.CheckOutside();
    }

    [Fact]
    public void Whiteouts_are_plain_names()
    {
        Write("a.tar", Text(".wh.foo", "e"), Text(".wh..wh..opq", "e"));
        room.With(room.Target, "t/foo");
        room.Apply(CopyRoom.Add("/a.tar", "/t"));
        Assert.Equal("t Directory 755 0:0\nt/.wh..wh..opq File 644 21:22\nt/.wh.foo File 644 21:22\nt/foo File 644 0:0", room.List());
    }

    public void Dispose() => room.Dispose();

    private static PaxTarEntry Text(string name, string content, int mode = 0x1A4) =>
        new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(global::System.Text.Encoding.UTF8.GetBytes(content)), Mode = (UnixFileMode)mode, Uid = 21, Gid = 22 };

    private static PaxTarEntry Folder(string name, int mode) => new(TarEntryType.Directory, name) { Mode = (UnixFileMode)mode, Uid = 21, Gid = 22 };

    private static PaxTarEntry Link(string name, string target) => new(TarEntryType.SymbolicLink, name) { LinkName = target, Uid = 21, Gid = 22 };

    private void Write(string name, params PaxTarEntry[] entries)
    {
        using var writer = new TarWriter(File.Create(Path.Combine(room.Source, name)));
        foreach (var entry in entries)
            writer.WriteEntry(entry);
    }

    private void Compress(string program)
    {
        var path = Path.Combine(room.Source, "weird");
        using (var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"{program} -c '{path}' > '{path}.new' && mv '{path}.new' '{path}'"]))!)
        {
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
        }
    }
}
