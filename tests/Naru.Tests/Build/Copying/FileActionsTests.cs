using Naru.Base;
using Naru.Build.Copying;
using Naru.Build.Graph;
using Naru.Linux;

namespace Naru.Tests.Build.Copying;

/// <summary>What BuildKit 0.25 was seen to do with the same Dockerfiles.</summary>
public sealed class FileActionsTests : IDisposable
{
    private const string Tree = """
        a=1
        b=2 4755
        d/ 700
        d/x=x
        d/up->../a
        d/e/y=y
        la->a
        ld->d
        """;

    private readonly CopyBench bench = new();

    [Theory]
    [InlineData("/a", "/t", "t=1 644*")]
    [InlineData("/a", "/t/", "t/ 755\nt/a=1 644*")]
    [InlineData("/a /b", "/t/", "t/ 755\nt/a=1 644*\nt/b=2 4755*")]
    [InlineData("/a", "/t/q/a", "t/ 755\nt/q/ 755\nt/q/a=1 644*")]
    [InlineData("/d", "/t", "t/ 755*\nt/e/ 755*\nt/e/y=y 644*\nt/up->../a\nt/x=x 644*")]
    [InlineData("/d/", "/t/", "t/ 755*\nt/e/ 755*\nt/e/y=y 644*\nt/up->../a\nt/x=x 644*")]
    [InlineData("/d/.", "/t", "t/ 755*\nt/e/ 755*\nt/e/y=y 644*\nt/up->../a\nt/x=x 644*")]
    [InlineData("/d", "/", "e/ 755*\ne/y=y 644*\nup->../a\nx=x 644*")]
    [InlineData("/d", "/.", "e/ 755*\ne/y=y 644*\nup->../a\nx=x 644*")]
    [InlineData("/", "/t", "t/ 755*\nt/a=1 644*\nt/b=2 4755*\nt/d/ 700*\nt/d/e/ 755*\nt/d/e/y=y 644*\nt/d/up->../a\nt/d/x=x 644*\nt/la->a\nt/ld->d")]
    [InlineData("/la", "/t", "t=1 644*")]
    [InlineData("/la", "/t/", "t/ 755\nt/la=1 644*")]
    [InlineData("/ld", "/t", "t/ 755*\nt/e/ 755*\nt/e/y=y 644*\nt/up->../a\nt/x=x 644*")]
    [InlineData("/ld/x", "/t", "t=x 644*")]
    [InlineData("/d/up", "/t", "t=1 644*")]
    [InlineData("/*/x", "/t", "t=x 644*")]
    [InlineData("/*/y", "/t", "")]
    [InlineData("/d/*/y", "/t/", "t/ 755\nt/y=y 644*")]
    [InlineData("/a /*.none", "/t/", "t/ 755\nt/a=1 644*")]
    [InlineData("/nofolder/* /a", "/t/", "t/ 755\nt/a=1 644*")]
    [InlineData("/d/[xz]", "/t", "t=x 644*")]
    [InlineData("/d/*", "/t/", "t/ 755\nt/up=1 644*\nt/x=x 644*\nt/y=y 644*")]
    [InlineData("/a*", "/t", "t=1 644*")]
    [InlineData("/a/", "/t/", "t/ 755\nt/a=1 644*")]
    [InlineData("/../a", "/t", "t=1 644*")]
    [InlineData("/a", "/../../t", "t=1 644*")]
    public void Sources_are_copied_as_BuildKit_does(string sources, string target, string expected)
    {
        bench.Write(bench.Source, Tree);
        Assert.Equal(expected, bench.Copy(Action(sources, target)));
    }

    [Theory]
    [InlineData("e", "t/ 755*\nt/up->../a\nt/x=x 644*")]
    [InlineData("e/", "t/ 755*\nt/up->../a\nt/x=x 644*")]
    [InlineData("/e", "t/ 755*\nt/e/ 755*\nt/e/y=y 644*\nt/up->../a\nt/x=x 644*")]
    [InlineData("**/y", "t/ 755*\nt/e/ 755*\nt/up->../a\nt/x=x 644*")]
    [InlineData("*/y", "t/ 755*\nt/e/ 755*\nt/up->../a\nt/x=x 644*")]
    [InlineData("y", "t/ 755*\nt/e/ 755*\nt/e/y=y 644*\nt/up->../a\nt/x=x 644*")]
    [InlineData("e !e/y", "t/ 755*\nt/e/ 755*\nt/e/y=y 644*\nt/up->../a\nt/x=x 644*")]
    [InlineData("**", "t/ 755*")]
    public void Exclude_is_relative_to_the_folder_that_is_copied(string exclude, string expected)
    {
        bench.Write(bench.Source, Tree);
        Assert.Equal(expected, bench.Copy(Action("/d", "/t") with { Exclude = exclude.Split(' ') }));
    }

    [Fact]
    public void Exclude_does_not_touch_a_file_that_is_named()
    {
        bench.Write(bench.Source, Tree);
        Assert.Equal("t/ 755\nt/a=1 644*", bench.Copy(Action("/a", "/t/") with { Exclude = ["a"] }));
    }

    [Theory]
    [InlineData("/d/e/y", "t/ 755*\nt/d/ 700*\nt/d/e/ 755*\nt/d/e/y=y 644*")]
    [InlineData("/d/./e/y", "t/ 755*\nt/e/ 755*\nt/e/y=y 644*")]
    [InlineData("/d/e", "t/ 755*\nt/d/ 700*\nt/d/e/ 755*\nt/d/e/y=y 644*")]
    [InlineData("/**/y", "t/ 755*\nt/d/ 700*\nt/d/e/ 755*\nt/d/e/y=y 644*")]
    [InlineData("/d/./*/y", "t/ 755*\nt/e/ 755*\nt/e/y=y 644*")]
    [InlineData("/*/./e/y", "t/ 755*\nt/e/ 755*\nt/e/y=y 644*")]
    [InlineData("/a /d/x", "t/ 755*\nt/a=1 644*\nt/d/ 700*\nt/d/x=x 644*")]
    public void Parents_keeps_the_folders_after_the_pivot(string sources, string expected)
    {
        bench.Write(bench.Source, Tree);
        Assert.Equal(expected, bench.Copy(Action(sources, "/t/") with { Parents = true }));
    }

    [Theory]
    [InlineData("0640", "t/ 640*\nt/e/ 640*\nt/e/y=y 640*\nt/x=x 640*")]
    [InlineData("666", "t/ 644*\nt/e/ 666*\nt/e/y=y 666*\nt/x=x 666*")]
    [InlineData("4775", "t/ 755*\nt/e/ 4775*\nt/e/y=y 4775*\nt/x=x 4775*")]
    [InlineData("u=rwX,go=", "t/ 755*\nt/e/ 700*\nt/e/y=y 600*\nt/x=x 600*")]
    [InlineData("a-x", "t/ 755*\nt/e/ 644*\nt/e/y=y 644*\nt/x=x 644*")]
    [InlineData("ug+rws,o=t", "t/ 755*\nt/e/ 6770*\nt/e/y=y 6660*\nt/x=x 6660*")]
    [InlineData("u=g,g=u", "t/ 755*\nt/e/ 555*\nt/e/y=y 444*\nt/x=x 444*")]
    [InlineData("=r", "t/ 755*\nt/e/ 444*\nt/e/y=y 444*\nt/x=x 444*")]
    [InlineData("u+r+w", "t/ 755*\nt/e/ 755*\nt/e/y=y 644*\nt/x=x 644*")]
    [InlineData("+x", "t/ 755*\nt/e/ 755*\nt/e/y=y 755*\nt/x=x 755*")]
    [InlineData("", "t/ 755*\nt/e/ 755*\nt/e/y=y 644*\nt/x=x 644*")]
    public void Chmod_changes_what_is_copied(string mode, string expected)
    {
        bench.Write(bench.Source, "d/x=x\nd/e/y=y");
        Assert.Equal(expected, bench.Copy(Action("/d", "/t") with { Mode = mode }));
    }

    [Theory]
    [InlineData("888", "invalid chmod parameter: '888'. it should be octal string and between 0 and 07777")]
    [InlineData("77777", "invalid chmod parameter: '77777'. it should be octal string and between 0 and 07777")]
    [InlineData("755,u+s", "invalid chmod parameter: '755,u+s'. it should be octal string and between 0 and 07777")]
    [InlineData("u+z", "invalid syntax")]
    [InlineData("r", "invalid syntax")]
    public void A_malformed_chmod_is_refused(string mode, string message)
    {
        bench.Write(bench.Source, "a=1");
        Assert.Equal(message, Refused(Action("/a", "/t") with { Mode = mode }));
    }

    [Theory]
    [InlineData("t/ 700\nt/x=old", "/d", "/t", "t/ 700*\nt/e/ 755*\nt/e/y=y 644*\nt/x=x 644*")]
    [InlineData("t/e/ 700\nt/e/z=z", "/d", "/t", "t/ 755*\nt/e/ 755*\nt/e/y=y 644*\nt/e/z=z 644*\nt/x=x 644*")]
    [InlineData("t/", "/a", "/t", "t/ 755\nt/a=1 644*")]
    [InlineData("t=old 755", "/a", "/t", "t=1 644*")]
    [InlineData("t->u", "/a", "/t", "t->u\nu=1 644*")]
    [InlineData("t->/u", "/d", "/t", "t->/u\nu/ 755*\nu/e/ 755*\nu/e/y=y 644*\nu/x=x 644*")]
    [InlineData("u=old\nt->/u", "/a", "/t", "t->/u\nu=1 644*")]
    [InlineData("t->../../u", "/a", "/t/", "t->../../u\nu/ 755\nu/a=1 644*")]
    [InlineData("t->/u/v/../w", "/a", "/t/", "t->/u/v/../w\nu/ 755\nu/w/ 755\nu/w/a=1 644*")]
    [InlineData("o/\nt/x->/o", "/d", "/t", "o/ 755*\nt/ 755*\nt/e/ 755*\nt/e/y=y 644*\nt/x=x 644*")]
    public void What_is_there_is_kept_replaced_or_followed(string there, string source, string target, string expected)
    {
        bench.Write(bench.Source, "a=1\nd/x=x\nd/e/y=y").Write(bench.Target, there);
        Assert.Equal(expected, bench.Copy(Action(source, target)));
    }

    [Theory]
    [InlineData("t/a/", "/a", "/t", "cannot replace to directory /t/a with file")]
    [InlineData("t/a/b/", "/a", "/t/", "cannot replace to directory /t/a with file")]
    [InlineData("t/x/", "/d", "/t", "cannot replace to directory /t/x with file")]
    [InlineData("t=1", "/d", "/t", "cannot copy to non-directory: /t")]
    [InlineData("t/e=1", "/d", "/t", "cannot copy to non-directory: /t/e")]
    [InlineData("o/\nt/e->/o", "/d", "/t", "cannot copy to non-directory: /t/e")]
    [InlineData("t=1", "/a", "/t/", "mkdir /t: not a directory")]
    [InlineData("t=1", "/a", "/t/b/c", "lstat /t/b: not a directory")]
    [InlineData("", "/nope", "/t", "\"/nope\": not found")]
    [InlineData("", "/a/x", "/t", "\"/a/x\": not found")]
    [InlineData("", "/none", "/t", "\"/none\": not found")]
    [InlineData("", "/loop", "/t", "too many links")]
    public void What_cannot_be_is_said_in_BuildKits_words(string there, string source, string target, string message)
    {
        bench.Write(bench.Source, "a=1\nd/x=x\nd/e/y=y\nnone->/nothing\nloop->loop").Write(bench.Target, there);
        Assert.Equal(message, Refused(Action(source, target)));
    }

    [Fact]
    public void A_malformed_exclude_is_refused()
    {
        bench.Write(bench.Source, Tree);
        Assert.Equal("invalid excludepatterns: [[]: syntax error in pattern", Refused(Action("/d", "/t") with { Exclude = ["["] }));
    }

    [Fact]
    public void A_missing_path_of_parents_is_not_found()
    {
        bench.Write(bench.Source, Tree);
        Assert.Equal("\"/d/nope\": not found", Refused(Action("/d/./nope", "/t/") with { Parents = true }));
    }

    [Fact]
    public void Names_of_one_file_stay_names_of_one_file()
    {
        bench.Write(bench.Source, "d/a=1\nd/e/");
        using (var folder = TreeFolder.Open(Path.Combine(bench.Source, "d")))
        using (var below = folder.Enter("e"u8))
            Assert.True(below.TryLink("b"u8, folder, "a"u8));
        bench.Copy(Action("/d", "/t"));
        using var tree = new TreeReader(bench.Target);
        Assert.Equal(2u, tree.Read("t/a"u8)!.Links);
        Assert.Equal(tree.Read("t/a"u8)!.Identity, tree.Read("t/e/b"u8)!.Identity);
    }

    [Fact]
    public void Names_that_are_no_text_are_copied()
    {
        using (var folder = TreeFolder.Open(bench.Source))
        {
            folder.CreateFile([0xFF, 0xFE], 0x1A4).Dispose();
            folder.CreateFile("new\nline"u8, 0x1A4).Dispose();
        }

        bench.Apply(Action("/", "/t"));
        using var target = TreeFolder.Open(Path.Combine(bench.Target, "t"));
        var names = target.Names();
        Assert.Equal(["new\nline"u8.ToArray(), [0xFF, 0xFE]], names);
    }

    [Fact]
    public void Fifos_and_extended_attributes_are_copied()
    {
        bench.Write(bench.Source, "d/a=1");
        Files.MakeFifo(Path.Combine(bench.Source, "d/p"), 0x1A4);
        using (var folder = TreeFolder.Open(Path.Combine(bench.Source, "d")))
        using (var file = folder.OpenFile("a"u8))
            TreeFiles.SetXattrs(file, [new TreeXattr("user.naru"u8.ToArray(), "yes"u8.ToArray())]);
        bench.Copy(Action("/d", "/t"));
        using var tree = new TreeReader(bench.Target);
        Assert.Equal(TreeEntryKind.Fifo, tree.Read("t/p"u8)!.Kind);
        Assert.Equal("yes"u8.ToArray(), Assert.Single(tree.Read("t/a"u8)!.Xattrs).Value);
    }

    [Fact]
    public void A_file_with_holes_keeps_them()
    {
        bench.Write(bench.Source, "big=");
        using (var file = File.OpenHandle(Path.Combine(bench.Source, "big"), FileMode.Open, FileAccess.Write))
        {
            RandomAccess.Write(file, "middle"u8, 64 << 20);
            RandomAccess.SetLength(file, 256 << 20);
        }

        bench.Apply(Action("/big", "/big"));
        using var tree = TreeFolder.Open(bench.Target);
        Assert.True(tree.TryStatus("big"u8, out var status));
        Assert.Equal(256 << 20, status.Size);
        Assert.InRange(status.Blocks * 512, 1, 1 << 20);
        using var copy = tree.OpenFile("big"u8);
        var read = new byte[6];
        RandomAccess.Read(copy, read, 64 << 20);
        Assert.Equal("middle"u8.ToArray(), read);
    }

    [Fact]
    public void What_is_made_has_the_time_of_the_epoch()
    {
        bench.Write(bench.Source, "a=1").Write(bench.Target, "");
        var options = new FileActionOptions { Epoch = CopyBench.Time };
        bench.Apply(new MakeFolderAction { Path = "/w/x", Time = CopyBench.Time });
        bench.Apply(new WriteFileAction { Path = "/h/f", Content = "here"u8.ToArray() }, options);
        bench.Apply(Action("/a", "/t/u/a"), options);
        Assert.Equal("h/ 755*\nh/f=here 644*\nt/ 755*\nt/u/ 755*\nt/u/a=1 644*\nw/ 755*\nw/x/ 755*", bench.List());
    }

    [Theory]
    [InlineData("/", "/etc")]
    [InlineData("/../../../..", "/etc/passwd")]
    public void A_link_in_the_target_leads_nowhere_outside(string link, string target)
    {
        bench.Write(bench.Source, "a=1").Write(bench.Target, $"etc->{link}");
        var before = File.ReadAllText("/etc/passwd");
        bench.Copy(Action("/a", target));
        Assert.Equal(before, File.ReadAllText("/etc/passwd"));
        Assert.Equal("etc->" + link + (target == "/etc" ? "\na=1 644*" : "\npasswd=1 644*"), string.Join('\n', bench.List().Split('\n').OrderBy(static line => !line.StartsWith("etc", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("/l/etc/hostname")]
    [InlineData("/up/etc/hostname")]
    [InlineData("/h")]
    public void A_link_in_the_source_leads_nowhere_outside(string path)
    {
        bench.Write(bench.Source, "l->/\nup->../../../../../..\nh->/etc/hostname");
        Assert.EndsWith("not found", Refused(Action(path, "/t")), StringComparison.Ordinal);
    }

    public void Dispose() => bench.Dispose();

    private static CopyAction Action(string sources, string target) =>
        new() { From = null, Sources = sources.Split(' '), Target = target, AllowEmpty = true };

    private string Refused(CopyAction action) => Assert.ThrowsAny<NaruException>(() => bench.Copy(action)).Message;
}
