using System.Security.Cryptography;
using Naru.Base;
using Naru.Build.Copying;
using Naru.Build.Graph;
using Naru.Linux;
using Naru.Oci;

namespace Naru.Tests.Build.Copying;

public sealed class TreeDigestTests : IDisposable
{
    private const string Tree = """
        a=1
        b=2 755
        d/x=x
        d/e/y=y
        l->a
        none->/nothing
        """;

    private readonly CopyBench bench = new();

    public TreeDigestTests() => bench.Write(bench.Source, Tree);

    public static TheoryData<string, string, bool> Changes => new()
    {
        { "/d", "d/x=z", true },
        { "/d", "d/new=1", true },
        { "/d", "d/new/", true },
        { "/d", "d/x=x 600", true },
        { "/d", "d/e/ 700", true },
        { "/d", "d/k->x", true },
        { "/d", "d/ 711", false },
        { "/d", "a=5", false },
        { "/d", "new=1", false },
        { "/", "l2->a", true },
        { "/", "a=1", false },
        { "/a", "b=5", false },
        { "/a", "a=5", true },
        { "/l", "a=5", true },
        { "/l", "b=5", false },
        { "/*", "new=1", true },
        { "/[ab]", "new=1", false },
        { "/d/*/y", "d/e/z=1", false },
        { "/d/*/y", "d/f/y=1", true },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void Only_what_is_selected_counts(string source, string change, bool counts)
    {
        File.Delete(Path.Combine(bench.Source, "none"));
        var before = Of(source);
        bench.Write(bench.Source, change);
        Assert.Equal(counts, before != Of(source));
    }

    [Fact]
    public void Times_never_count()
    {
        var before = Of("/d");
        File.SetLastWriteTimeUtc(Path.Combine(bench.Source, "d/x"), DateTime.UnixEpoch);
        Directory.SetLastWriteTimeUtc(Path.Combine(bench.Source, "d/e"), DateTime.UnixEpoch);
        Assert.Equal(before, Of("/d"));
    }

    [Fact]
    public void A_new_name_counts()
    {
        var before = Of("/d");
        File.Move(Path.Combine(bench.Source, "d/x"), Path.Combine(bench.Source, "d/z"));
        Assert.NotEqual(before, Of("/d"));
    }

    [Fact]
    public void Extended_attributes_count()
    {
        var before = Of("/d");
        using (var folder = TreeFolder.Open(Path.Combine(bench.Source, "d")))
        using (var file = folder.OpenFile("x"u8))
            TreeFiles.SetXattrs(file, [new TreeXattr("user.naru"u8.ToArray(), "yes"u8.ToArray())]);
        Assert.NotEqual(before, Of("/d"));
    }

    [Fact]
    public void What_is_excluded_does_not_count()
    {
        var copy = Action("/d") with { Exclude = ["e"] };
        var before = TreeDigest.Of(copy, Source(), default);
        bench.Write(bench.Source, "d/e/y=changed");
        Assert.Equal(before, TreeDigest.Of(copy, Source(), default));
    }

    [Fact]
    public void Of_parents_the_folders_above_count_and_their_other_content_does_not()
    {
        var copy = Action("/d/e/y") with { Parents = true };
        var before = TreeDigest.Of(copy, Source(), default);
        bench.Write(bench.Source, "d/x=changed");
        Assert.Equal(before, TreeDigest.Of(copy, Source(), default));
        bench.Write(bench.Source, "d/ 711");
        Assert.NotEqual(before, TreeDigest.Of(copy, Source(), default));
    }

    [Fact]
    public void Known_digests_give_the_same_and_save_the_reading()
    {
        var read = Of("/d");
        List<string> asked = [];
        var known = TreeDigest.Of(Action("/d"), Source() with
        {
            KnownDigest = path =>
            {
                asked.Add(path);
                return SHA256.HashData(File.ReadAllBytes(Path.Combine(bench.Source, path)));
            },
        }, default);
        Assert.Equal(read, known);
        Assert.Equal(["d/e/y", "d/x"], asked);
    }

    [Fact]
    public void Many_files_and_large_ones_are_hashed_alike_however_many_threads_read_them()
    {
        var folder = Directory.CreateDirectory(Path.Combine(bench.Source, "many")).FullName;
        for (var i = 0; i < 700; i++)
            File.WriteAllText(Path.Combine(folder, $"{i}"), $"content {i}");
        File.WriteAllBytes(Path.Combine(folder, "large"), new byte[3 << 20]);
        var digest = Of("/many");
        Assert.Equal(digest, Of("/many"));
        File.WriteAllText(Path.Combine(folder, "699"), "changed");
        Assert.NotEqual(digest, Of("/many"));
    }

    [Theory]
    [InlineData("/nope", "\"/nope\": not found")]
    [InlineData("/none", "\"/none\": not found")]
    [InlineData("/non*", "\"/none\": not found")]
    [InlineData("/a/b", "\"/a/b\": not found")]
    public void A_missing_path_is_named(string source, string message)
    {
        var failure = Assert.ThrowsAny<NaruException>(() => Of(source));
        Assert.Equal((ErrorKind.NotFound, message), (failure.Kind, failure.Message));
    }

    [Fact]
    public void Nothing_is_found_in_scratch() =>
        Assert.Equal("\"/a\": not found", Assert.ThrowsAny<NaruException>(() => TreeDigest.Of(Action("/a"), SourceTree.Empty, default)).Message);

    public void Dispose() => bench.Dispose();

    private static CopyAction Action(string source) => new() { From = null, Sources = [source], Target = "/t", AllowEmpty = true };

    private SourceTree Source() => new() { Folder = bench.Source };

    private Digest Of(string source) => TreeDigest.Of(Action(source), Source(), default);
}
