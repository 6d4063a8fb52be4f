using System.Security.Cryptography;
using System.Text;
using Naru.Base;
using Naru.Build.Context;
using Naru.Build.Copying;
using Naru.Build.Graph;

namespace Naru.Tests.Build.Context;

/// <summary>A kept folder against what clients say of theirs: honest ones and others.</summary>
public sealed class FolderUpdateTests : IDisposable
{
    private const uint Folder = ContextEntry.Folder | 0x1ED, File644 = 0x1A4, Symlink = ContextEntry.Symlink | 0x1FF;
    private const long Time = 1_700_000_000_123_456_789;
    private readonly string root = Directory.CreateTempSubdirectory("naru-context-").FullName;
    private readonly ContextStore store;

    public FolderUpdateTests() => store = new ContextStore(root);

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void A_folder_is_written_as_it_was_described()
    {
        using var slot = Send([Entry("d", Folder), Entry("d/a", File644, "one"), Entry("d/empty", File644, ""), Entry("l", Symlink, link: "d/a")]);
        Assert.Equal("one", File.ReadAllText(Path.Combine(slot.Tree, "d/a")));
        Assert.Equal("", File.ReadAllText(Path.Combine(slot.Tree, "d/empty")));
        Assert.Equal("d/a", new FileInfo(Path.Combine(slot.Tree, "l")).LinkTarget);
        Assert.Equal(SHA256.HashData("one"u8), slot.Digest("d/a"));
        Assert.Equal(SHA256.HashData([]), slot.Digest("d/empty"));
        Assert.Null(slot.Digest("d"));
        Assert.Equal(Time / 100, (File.GetLastWriteTimeUtc(Path.Combine(slot.Tree, "d")) - DateTime.UnixEpoch).Ticks);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead, File.GetUnixFileMode(Path.Combine(slot.Tree, "d/a")));
    }

    public static TheoryData<CopyAction> Copies => new()
    {
        Copy("/"),
        Copy("/d"),
        Copy("/to"),
        Copy("/d/a"),
        Copy("/d*"),
        Copy("/d", "/d-e", "/empty"),
        Copy("/") with { Exclude = ["d/deep", "**/*.txt"] },
        Copy("/") with { Exclude = ["d", "!d/deep/x.txt"] },
        Copy("/./d/**/x.txt") with { Parents = true },
        Copy("/d/./deep") with { Parents = true },
        Copy("/") with { Owner = "1:2" },
    };

    /// <summary>What is copied of a client's folder is told from its index: the same as a look at the files.</summary>
    [Theory]
    [MemberData(nameof(Copies))]
    public void A_digest_by_the_index_is_that_of_the_files(CopyAction copy)
    {
        using var slot = Send([
            Entry("d", Folder), Entry("d/a", File644, "one"), Entry("d/deep", Folder & ~0x12u), Entry("d/deep/k", File644, link: "d/a"), Entry("d/deep/x.txt", 0x1ED, "x"), Entry("d/z.txt", File644, "z"),
            Entry("d-e", Folder), Entry("d-e/f", File644, "f"), Entry("empty", Folder), Entry("fifo", ContextEntry.Fifo | 0x180), Entry("l", Symlink, link: "d/a"), Entry("to", Symlink, link: "d/deep"), Entry("ü", File644, "ü")]);
        var files = TreeDigest.Of(copy, new SourceTree { Folder = slot.Tree }, default);
        Assert.Equal(files, TreeDigest.Of(copy, new SourceTree { Folder = slot.Tree, KnownDigest = slot.Digest, Entries = slot.Entries }, default));
        var other = slot.Entries.Select(entry => entry.Path.AsSpan().SequenceEqual("d/deep/x.txt"u8) ? Entry("d/deep/x.txt", 0x1ED, "other").Entry() : entry).ToList();
        other.ForEach(entry => entry.Digest ??= entry.IsFile ? SHA256.HashData("other"u8) : null);
        var counts = copy.Sources[0] is not "/d/a" && !copy.Exclude.Contains("**/*.txt");
        Assert.Equal(counts, files != TreeDigest.Of(copy, new SourceTree { Folder = slot.Tree, KnownDigest = slot.Digest, Entries = other }, default));
    }

    private static CopyAction Copy(params string[] sources) => new() { From = null, Sources = sources, Target = "/", Wildcards = true };

    [Fact]
    public void What_did_not_change_is_not_asked_for_again()
    {
        Sent[] files = [Entry("a", File644, "one"), Entry("d", Folder), Entry("d/b", File644, "two")];
        Send(files).Dispose();
        using var slot = store.Take("key", "context", "", "all");
        using var update = new FolderUpdate(slot);
        foreach (var file in files)
            Assert.Null(update.Describe(file.Entry()));
        update.EndDescription();
        update.Complete();
        Assert.Equal(SHA256.HashData("two"u8), slot.Digest("d/b"));
    }

    [Fact]
    public void A_changed_file_is_replaced_and_its_old_content_stays_where_it_is_shared()
    {
        var elsewhere = Path.Combine(root, "elsewhere");
        using (var first = Send([Entry("d", Folder), Entry("d/a", File644, "one")]))
            Assert.Equal(0, Link(Path.Combine(first.Tree, "d/a"), elsewhere));
        using var slot = Send([Entry("d", Folder), Entry("d/a", File644, "changed", time: Time + 1)]);
        Assert.Equal("changed", File.ReadAllText(Path.Combine(slot.Tree, "d/a")));
        Assert.Equal("one", File.ReadAllText(elsewhere));
        Assert.Equal(Time / 100, (File.GetLastWriteTimeUtc(Path.Combine(slot.Tree, "d")) - DateTime.UnixEpoch).Ticks);
    }

    [Fact]
    public void What_the_client_no_longer_has_goes()
    {
        Send([Entry("a", File644, "1"), Entry("d", Folder), Entry("d/e", Folder), Entry("d/e/f", File644, "2"), Entry("z", File644, "3")]).Dispose();
        using var slot = Send([Entry("d", Folder)]);
        Assert.Equal([Path.Combine(slot.Tree, "d")], Directory.GetFileSystemEntries(slot.Tree, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_folder_that_became_a_link_takes_nothing_along_through_it()
    {
        Send([Entry("a", Folder), Entry("a/x", File644, "1"), Entry("b", Folder), Entry("b/x", File644, "2")]).Dispose();
        using var slot = Send([Entry("a", Symlink, link: "b"), Entry("b", Folder), Entry("b/x", File644, "2")]);
        Assert.Equal("2", File.ReadAllText(Path.Combine(slot.Tree, "b/x")));
        Assert.Equal("2", File.ReadAllText(Path.Combine(slot.Tree, "a/x")));
    }

    [Fact]
    public void Further_names_of_a_file_are_links_and_follow_its_content()
    {
        Sent[] files = [Entry("a", File644, "one"), Entry("b", File644, "one", link: "a")];
        Send(files).Dispose();
        files[0] = Entry("a", File644, "two", time: Time + 1);
        using var slot = Send(files);
        Assert.Equal("two", File.ReadAllText(Path.Combine(slot.Tree, "b")));
        Assert.Equal(SHA256.HashData("two"u8), slot.Digest("b"));
    }

    [Fact]
    public void A_client_that_goes_away_leaves_what_came_whole()
    {
        Send([Entry("a", File644, "one"), Entry("z", File644, "last")]).Dispose();
        using (var slot = store.Take("key", "context", "", "all"))
        {
            using var update = new FolderUpdate(slot);
            Assert.Equal(0u, update.Describe(Entry("b", File644, "whole").Entry()));
            Assert.Equal(1u, update.Describe(Entry("c", File644, "half").Entry()));
            update.Receive(0, "whole"u8.ToArray());
            update.Receive(0, default);
            update.Receive(1, "ha"u8.ToArray());
            update.GiveUp();
            Assert.Equal(["b", "z"], Names(slot));
        }

        using var again = store.Take("key", "context", "", "all");
        using var next = new FolderUpdate(again);
        Assert.Null(next.Describe(Entry("b", File644, "whole").Entry()));
        Assert.NotNull(next.Describe(Entry("c", File644, "half").Entry()));
        Assert.Null(next.Describe(Entry("z", File644, "last").Entry()));
        next.GiveUp();
    }

    [Fact]
    public void Many_files_are_written_beside()
    {
        var files = Many();
        using (var slot = Send(files))
        {
            foreach (var file in files)
            {
                Assert.Equal(file.Content, File.ReadAllText(Path.Combine(slot.Tree, file.Path)));
                Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes(file.Content)), slot.Digest(file.Path));
            }
        }

        using var again = store.Take("key", "context", "", "all");
        using var update = new FolderUpdate(again);
        Assert.All(files, file => Assert.Null(update.Describe(file.Entry())));
    }

    [Fact]
    public void What_cannot_be_written_beside_is_told_and_the_rest_is_kept()
    {
        var files = Many();
        using (var slot = store.Take("key", "context", "", "all"))
        {
            using var update = new FolderUpdate(slot);
            foreach (var file in files)
                Assert.NotNull(update.Describe(file.Entry()));
            Directory.Delete(slot.Tree);
            Assert.Throws<Naru.Linux.LinuxException>(() =>
            {
                for (uint number = 0; number < files.Length; number++)
                {
                    update.Receive(number, Encoding.UTF8.GetBytes(files[number].Content));
                    update.Receive(number, default);
                }

                update.Complete();
            });
            Directory.CreateDirectory(slot.Tree);
            update.GiveUp();
        }

        using var again = store.Take("key", "context", "", "all");
        Assert.Empty(again.Entries);
    }

    private static Sent[] Many() => [.. Enumerable.Range(100, 500).Select(number => Entry($"f{number}", File644, new string((char)('a' + number % 26), 1 + number * 10)))];

    [Fact]
    public void A_crash_while_files_change_begins_the_folder_anew()
    {
        Send([Entry("a", File644, "one")]).Dispose();
        using (var slot = store.Take("key", "context", "", "all"))
        {
            using var update = new FolderUpdate(slot);
            update.Describe(Entry("b", File644, "two").Entry());
        }

        using var again = store.Take("key", "context", "", "all");
        Assert.Empty(again.Entries);
        Assert.Empty(Names(again));
    }

    [Fact]
    public void Two_builds_of_one_folder_have_a_copy_each()
    {
        using var one = Send([Entry("a", File644, "one")]);
        using var two = Send([Entry("a", File644, "two")]);
        Assert.Equal("one", File.ReadAllText(Path.Combine(one.Tree, "a")));
        Assert.Equal("two", File.ReadAllText(Path.Combine(two.Tree, "a")));
    }

    [Fact]
    public void Of_several_kept_the_one_of_the_same_part_is_taken()
    {
        using (store.Take("key", "context", "", "one"))
        using (var two = store.Take("key", "context", "", "two"))
        {
            using var update = new FolderUpdate(two);
            update.Describe(Entry("of-two", Folder).Entry());
            update.EndDescription();
            update.Complete();
        }

        using var again = store.Take("key", "context", "", "two");
        Assert.Equal(["of-two"], Names(again));
        using var other = store.Take("key", "context", "", "two");
        Assert.NotEqual(again.Tree, other.Tree);
    }

    [Theory]
    [InlineData("../out", "invalid path")]
    [InlineData("/etc/passwd", "invalid path")]
    [InlineData("a/../../out", "invalid path")]
    [InlineData("a//b", "invalid path")]
    [InlineData(".", "invalid path")]
    [InlineData("a/", "invalid path")]
    [InlineData("a\0b", "invalid path")]
    [InlineData("", "invalid path")]
    [InlineData("m/x", "in what is no folder")]
    [InlineData("link/x", "in what is no folder")]
    [InlineData("file/x", "out of order")]
    [InlineData("a", "out of order")]
    public void A_path_that_cannot_be_is_refused(string path, string message)
    {
        using var slot = store.Take("key", "context", "", "all");
        using var update = new FolderUpdate(slot);
        update.Describe(Entry("file", File644, "x").Entry());
        update.Describe(Entry("link", Symlink, link: "/").Entry());
        var error = Assert.Throws<NaruException>(() => update.Describe(Entry(path, File644, "x").Entry()));
        Assert.Equal(ErrorKind.InvalidArgument, error.Kind);
        Assert.Contains(message, error.Message);
        update.GiveUp();
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("/etc/passwd")]
    [InlineData("../../out")]
    [InlineData("link")]
    public void A_name_of_a_file_that_was_not_sent_is_refused(string target)
    {
        using var slot = store.Take("key", "context", "", "all");
        using var update = new FolderUpdate(slot);
        update.Describe(Entry("link", Symlink, link: "/etc/passwd").Entry());
        Assert.Throws<NaruException>(() => update.Describe(Entry("x", File644, "1", link: target).Entry()));
        update.GiveUp();
    }

    [Theory]
    [InlineData("longer than said")]
    [InlineData("2")]
    public void Content_of_another_size_than_announced_is_refused(string content)
    {
        using var slot = store.Take("key", "context", "", "all");
        using var update = new FolderUpdate(slot);
        var number = update.Describe(Entry("a", File644, "1234").Entry())!.Value;
        var error = Assert.Throws<NaruException>(() =>
        {
            update.Receive(number, Encoding.UTF8.GetBytes(content));
            update.Receive(number, default);
        });
        Assert.Contains("file a is not of the 4 bytes", error.Message);
        update.GiveUp();
        Assert.Empty(Names(slot));
    }

    [Fact]
    public void Content_that_nobody_asked_for_is_refused()
    {
        using var slot = store.Take("key", "context", "", "all");
        using var update = new FolderUpdate(slot);
        Assert.Contains("not asked for", Assert.Throws<NaruException>(() => update.Receive(7, "x"u8.ToArray())).Message);
    }

    private static string[] Names(ContextSlot slot) => [.. Directory.GetFileSystemEntries(slot.Tree).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static Sent Entry(string path, uint mode, string content = "", string link = "", long time = Time) => new(path, mode, content, link, time);

    [System.Runtime.InteropServices.DllImport("libc", EntryPoint = "link", CharSet = System.Runtime.InteropServices.CharSet.Ansi)]
    private static extern int Link(string from, string to);

    private ContextSlot Send(params Sent[] files)
    {
        var slot = store.Take("key", "context", "", "all");
        using var update = new FolderUpdate(slot);
        foreach (var file in files)
        {
            if (update.Describe(file.Entry()) is not { } number)
                continue;
            update.Receive(number, Encoding.UTF8.GetBytes(file.Content));
            update.Receive(number, default);
        }

        update.EndDescription();
        Assert.Equal(0, update.Awaited);
        update.Complete();
        return slot;
    }

    private sealed record Sent(string Path, uint Mode, string Content, string Link, long Time)
    {
        public ContextEntry Entry() => new()
        {
            Path = Encoding.UTF8.GetBytes(Path),
            Mode = Mode,
            Size = Encoding.UTF8.GetByteCount(Content),
            Modified = Time,
            Link = Encoding.UTF8.GetBytes(Link),
        };
    }
}
