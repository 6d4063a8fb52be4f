using System.Text;
using Naru.Cli.Build.Files;
using Naru.Linux;

namespace Naru.Tests.Cli.Build;

public sealed class ContextWalkTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("naru-walk-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private void Make(params string[] paths)
    {
        foreach (var path in paths)
        {
            var full = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllText(full, path);
        }
    }

    /// <summary>For names that the framework cannot say.</summary>
    private void Shell(string command) => global::System.Diagnostics.Process.Start("/bin/sh", ["-c", $"cd {folder} && {command}"]).WaitForExit();

    private string Walk(string[] include, string[] exclude)
    {
        var found = new List<string>();
        using var tree = new FolderListing(folder);
        new ContextWalk(tree, new PatternList(include), new PatternList(exclude), (_, path) => found.Add(path)).Run();
        return string.Join(' ', found);
    }

    private string Follow(params string[] paths)
    {
        using var tree = new FolderListing(folder);
        return FollowedPaths.Resolve(tree, paths) is { } found ? string.Join(' ', found) : "everything";
    }

    [Fact]
    public void A_folder_comes_before_what_is_in_it_and_before_longer_names()
    {
        Make("a/x", "a-b", "a.c", "B", "a/x2/y");
        Assert.Equal("B a a/x a/x2 a/x2/y a-b a.c", Walk([], []));
    }

    [Fact]
    public void What_is_excluded_is_left_out_with_all_below_it()
    {
        Make("a/x", "a/y/z", "b", "c.log", "d/e.log");
        Assert.Equal("b d", Walk([], ["a", "**/*.log"]));
    }

    [Fact]
    public void An_exception_brings_its_folders_along()
    {
        Make("a/x", "a/y/z", "a/y/w", "b");
        Assert.Equal("a a/y a/y/z b", Walk([], ["a", "!a/y/z"]));
    }

    [Fact]
    public void Only_what_is_included_comes()
    {
        Make("src/a.c", "src/b.h", "src/deep/c.c", "doc/x", "top.c");
        Assert.Equal("src src/a.c", Walk(["src/*.c"], []));
        Assert.Equal("src src/deep src/deep/c.c", Walk(["src/deep"], []));
    }

    [Fact]
    public void Links_on_the_way_are_sent_with_what_they_lead_to()
    {
        Make("real/file", "other");
        File.CreateSymbolicLink(Path.Combine(folder, "link"), "real");
        File.CreateSymbolicLink(Path.Combine(folder, "absolute"), "/other");
        File.CreateSymbolicLink(Path.Combine(folder, "out"), "../../etc/passwd");
        Assert.Equal("link link/file real/file", Follow("link/file"));
        Assert.Equal("absolute other", Follow("absolute"));
        Assert.DoesNotContain("..", Follow("out"));
        Assert.Equal("everything", Follow("."));
    }

    [Fact]
    public void A_circle_of_links_ends()
    {
        File.CreateSymbolicLink(Path.Combine(folder, "a"), "b");
        File.CreateSymbolicLink(Path.Combine(folder, "b"), "a");
        Assert.Equal("a b", Follow("a"));
    }

    [Fact]
    public void A_name_that_is_no_text_is_refused_by_name()
    {
        Shell("touch $(printf '\\377a')");
        Assert.Contains("not valid UTF-8", Assert.Throws<Naru.Base.NaruException>(() => Walk([], [])).Message);
        Shell("rm *");
    }

    [Fact]
    public void Kinds_and_set_id_bits_are_told_as_go_has_them()
    {
        Make("f");
        File.SetUnixFileMode(Path.Combine(folder, "f"), UnixFileMode.SetUser | UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using var tree = new FolderListing(folder);
        var entry = Assert.Single(tree.List([]));
        var stat = FileStats.Of(entry, Encoding.UTF8.GetString(entry.Path));
        Assert.Equal((1u << 23) | 0x140u, stat.Mode);
        Assert.Equal(0x940u, FileStats.UnixMode(stat));
        Assert.Equal((0u, 0u, 1L), (stat.Uid, stat.Gid, stat.Size));
    }
}
