using Naru.Base;
using Naru.Hub.Layers;
using Naru.Images;

namespace Naru.Tests.Hub.Layers;

public sealed class ImageTreeTests
{
    private static readonly byte[][] Image =
    [
        Layers.Tar(Layers.Folder("etc"), Layers.File("etc/hosts", "first"), Layers.File("etc/gone", "12345678"), Layers.Folder("var"), Layers.Folder("var/cache"),
            Layers.File("var/cache/a", new string('a', 100)), Layers.File("var/cache/deep/b", new string('b', 50)), Layers.File("opt/tool", "tool"), Layers.File("opt-x", "x")),
        Layers.Tar(Layers.Folder("etc"), Layers.File("etc/hosts", "second!"), Layers.File("etc/.wh.gone", ""), Layers.File("etc/new", "n"), Layers.Folder("var"),
            Layers.File("var/.wh.cache", ""), Layers.File("opt/.wh..wh..opq", ""), Layers.File("opt/other", "o")),
        Layers.Tar(Layers.Folder("var/cache"), Layers.File("var/cache/c", "c"), Layers.Other("opt", TarEntryType.Symlink, "/usr/opt"), Layers.Folder("etc", 0x1C0)),
    ];

    private static async Task<List<string>> Look(LayerStage stage, IReadOnlyList<string> layers, int top, string folder, bool own = false, int limit = 1000)
    {
        var seen = new List<string>();
        string? after = null;
        do
        {
            var part = await stage.Tree.List(layers, top, folder, own, after, limit, default);
            foreach (var path in part.Children)
                seen.Add($"{path.Entry.Name} {path.Layer} {path.Change}");
            after = part.Next;
        }
        while (after is not null);
        return seen;
    }

    [Fact]
    public async Task A_folder_is_seen_from_each_layer_as_a_container_of_it_would()
    {
        await using var stage = new LayerStage();
        var layers = await stage.PushAndIndex(Image);
        Assert.Equal(["gone 0 Added", "hosts 0 Added"], await Look(stage, layers, 0, "etc"));
        Assert.Equal(["gone 0 Removed", "hosts 1 Changed", "new 1 Added"], await Look(stage, layers, 1, "etc"));
        Assert.Equal(["hosts 1 None", "new 1 None"], await Look(stage, layers, 2, "etc"));
        Assert.Equal(["cache 0 Removed"], await Look(stage, layers, 1, "var"));
        Assert.Equal(["cache 2 Added"], await Look(stage, layers, 2, "var"));
        Assert.Equal(["a 0 Removed", "deep 0 Removed"], await Look(stage, layers, 1, "var/cache"));
        Assert.Equal(["c 2 Added"], await Look(stage, layers, 2, "var/cache"));
        Assert.Empty(await Look(stage, layers, 2, "var/cache/deep"));
        Assert.Equal(["other 1 Added", "tool 0 Removed"], await Look(stage, layers, 1, "opt"));
        Assert.Equal(["other 1 Removed"], await Look(stage, layers, 2, "opt"));
        Assert.Equal(["etc 2 Changed", "opt 2 Changed", "opt-x 0 None", "var 1 Inside"], await Look(stage, layers, 2, ""));
        Assert.Equal(["etc 1 Inside", "opt 0 Changed", "var 1 Inside"], await Look(stage, layers, 1, "", own: true));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_folder_read_in_parts_is_the_same(int limit)
    {
        await using var stage = new LayerStage();
        var layers = await stage.PushAndIndex(Image);
        foreach (var folder in (string[])["", "etc", "var", "var/cache", "opt"])
        {
            for (var top = 0; top < 3; top++)
                Assert.Equal(await Look(stage, layers, top, folder), await Look(stage, layers, top, folder, limit: limit));
        }
    }

    [Fact]
    public async Task What_each_layer_adds_changes_hides_and_wastes_is_counted()
    {
        await using var stage = new LayerStage();
        var layers = await stage.PushAndIndex(Image);
        var changes = await stage.Tree.Summarize(layers, default);
        Assert.Equal(new LayerChanges { Added = 6, Bytes = 5 + 8 + 100 + 50 + 4 + 1, WastedBytes = 5 + 8 + 100 + 50 + 4 }, changes[0]);
        Assert.Equal(new LayerChanges { Added = 2, Changed = 1, Hidden = 4, Bytes = 7 + 1 + 1, HiddenBytes = 5 + 8 + 100 + 50 + 4, WastedBytes = 1 }, changes[1]);
        Assert.Equal(new LayerChanges { Added = 2, Hidden = 1, Bytes = 1, HiddenBytes = 1 }, changes[2]);
        Assert.Same(changes, await stage.Tree.Summarize(layers, default));
    }

    [Fact]
    public async Task A_search_finds_what_a_walk_through_all_folders_would()
    {
        await using var stage = new LayerStage();
        var layers = await stage.PushAndIndex(Image);
        for (var top = 0; top < 3; top++)
        {
            var walked = new List<string>();
            var folders = new Queue<string>([""]);
            while (folders.TryDequeue(out var folder))
            {
                foreach (var path in (await stage.Tree.List(layers, top, folder, own: true, null, 100, default)).Children)
                {
                    walked.Add($"{path.Entry.Path} {path.Layer} {path.Change}");
                    folders.Enqueue(path.Entry.Path);
                }
            }

            var found = await stage.Tree.Search(layers, top, "", own: true, 100, default);
            Assert.Equal(walked.Order(StringComparer.Ordinal), (from path in found select $"{path.Entry.Path} {path.Layer} {path.Change}").Order(StringComparer.Ordinal));
        }

        Assert.Equal(["etc/hosts"], from path in await stage.Tree.Search(layers, 1, "HOST", own: true, 100, default) select path.Entry.Path);
        Assert.Equal(["etc/hosts"], from path in await stage.Tree.Search(layers, 2, "host", own: false, 100, default) select path.Entry.Path);
        Assert.Empty(await stage.Tree.Search(layers, 2, "host", own: true, 100, default));
        Assert.Single(await stage.Tree.Search(layers, 2, "", own: false, 1, default));
    }

    [Fact]
    public async Task Two_images_differ_in_what_a_container_would_see()
    {
        await using var stage = new LayerStage();
        var layers = await stage.PushAndIndex([.. Image, Layers.Tar(Layers.File("etc/hosts", "second!"), Layers.File("large", new byte[5000]))]);
        var compared = await stage.Tree.Compare([layers[0]], layers, 100, default);
        Assert.True(compared.Complete);
        var told = from difference in compared.Differences orderby difference.Path select $"{difference.Path} {difference.Kind}";
        Assert.Equal(["etc Changed", "etc/gone Removed", "etc/hosts Changed", "etc/new Added", "large Added", "opt Changed", "opt/tool Removed",
            "var/cache/a Removed", "var/cache/c Added", "var/cache/deep/b Removed"], told);
        Assert.Equal("large", compared.Differences[0].Path);
        Assert.Equal(5000, compared.Differences[0].Growth);
    }

    [Fact]
    public async Task The_same_files_in_other_layers_are_no_difference()
    {
        await using var stage = new LayerStage();
        var one = Layers.Tar(Layers.Folder("a"), Layers.File("a/x", "same"), Layers.File("a/y", "old"), Layers.File("z", "z"));
        var (first, second) = (Layers.Gzip(Layers.Tar(Layers.File("a/y", "old"), Layers.File("z", "z"))), Layers.Tar(Layers.File("a/x", "same"), Layers.File("a/y", "new")));
        var layers = await stage.PushAndIndex(one, first, second);
        var compared = await stage.Tree.Compare([layers[0]], [layers[1], layers[2]], 100, default);
        var difference = Assert.Single(compared.Differences);
        Assert.Equal(("a/y", DifferenceKind.Changed, 0L), (difference.Path, difference.Kind, difference.Growth));
        Assert.Empty((await stage.Tree.Compare([layers[0]], [layers[0]], 100, default)).Differences);
    }

    [Fact]
    public async Task Only_the_largest_differences_are_given_but_all_are_counted()
    {
        await using var stage = new LayerStage();
        var layers = await stage.PushAndIndex(
            Layers.Tar(Layers.File("a", "a")),
            Layers.Tar([.. from i in Enumerable.Range(1, 2000) select Layers.File($"folder{i % 7}/{i}", new byte[i])]));
        var compared = await stage.Tree.Compare([layers[0]], [layers[1]], 3, default);
        Assert.Equal((2000, 1, 2001000L, 1L, false), (compared.Added, compared.Removed, compared.AddedBytes, compared.RemovedBytes, compared.Complete));
        Assert.Equal([2000L, 1999, 1998], from difference in compared.Differences select difference.Growth);
    }

    [Fact]
    public async Task A_layer_without_an_index_is_named_and_counts_as_empty()
    {
        await using var stage = new LayerStage();
        var layers = await stage.PushAndIndex(Image[0], "no layer"u8.ToArray());
        Assert.Equal([1], (await stage.Tree.List([layers[0], layers[1], layers[0]], 2, "", false, null, 10, default)).Unknown);
        Assert.Equal([layers[1]], (await stage.Tree.Compare([layers[0]], layers, 10, default)).Unknown);
        Assert.Equal(ErrorKind.FailedPrecondition, (await Assert.ThrowsAsync<NaruException>(async () => await stage.Tree.List(layers, 1, "", false, null, 10, default))).Kind);
        Assert.Equal(ErrorKind.FailedPrecondition, (await Assert.ThrowsAsync<NaruException>(async () => await stage.Tree.Summarize(layers, default))).Kind);
    }
}
