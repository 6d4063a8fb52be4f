using Naru.Base;
using Naru.Containerd;

namespace Naru.Tests.Containerd;

public sealed class SnapshotterTests : IDisposable
{
    private readonly Stores _stores = new();

    private OverlaySnapshotter Snapshots => _stores.Snapshots;

    public void Dispose() => _stores.Dispose();

    [Fact]
    public void Commit_removes_the_active_key()
    {
        Snapshots.Prepare(Stores.Space, "key", "", Stores.NoLabels);
        Snapshots.Commit(Stores.Space, "name", "key", Stores.NoLabels);
        Assert.False(Snapshots.Exists(Stores.Space, "key"));
        Assert.Equal(SnapshotKind.Committed, Snapshots.Stat(Stores.Space, "name").Kind);
    }

    [Fact]
    public void A_snapshot_stands_on_all_below_it_nearest_first()
    {
        _stores.Layer("bottom");
        _stores.Layer("top", "bottom");
        var mount = Assert.Single(Snapshots.Prepare(Stores.Space, "key", "top", Stores.NoLabels));
        Assert.Equal("overlay", mount.Type);
        Assert.Contains("lowerdir=" + string.Join(':', Snapshots.Layers(Stores.Space, "top")), mount.Options);
        Assert.Contains(mount.Options, o => o.StartsWith("upperdir="));
        Assert.Equal([mount.Options], Snapshots.Mounts(Stores.Space, "key").Select(m => m.Options));
    }

    [Fact]
    public void A_first_layer_and_a_view_of_one_layer_need_no_overlay()
    {
        var active = Assert.Single(Snapshots.Prepare(Stores.Space, "key", "", Stores.NoLabels));
        Assert.Equal(("bind", "rw,rbind"), (active.Type, string.Join(',', active.Options)));
        _stores.Layer("only");
        var view = Assert.Single(Snapshots.View(Stores.Space, "view", "only", Stores.NoLabels));
        Assert.Equal(("bind", "ro,rbind"), (view.Type, string.Join(',', view.Options)));
    }

    [Fact]
    public void What_others_stand_on_cannot_go()
    {
        _stores.Layer("bottom");
        _stores.Layer("top", "bottom");
        Assert.Equal("cannot remove snapshot with child: failed precondition", Assert.Throws<NaruException>(() => Snapshots.Remove(Stores.Space, "bottom")).Message);
        Snapshots.Remove(Stores.Space, "top");
        Snapshots.Remove(Stores.Space, "bottom");
        Snapshots.WaitForRemovals();
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_stores.Folder, "snapshots")));
    }

    [Fact]
    public void Only_a_committed_snapshot_is_a_parent()
    {
        Snapshots.Prepare(Stores.Space, "active", "", Stores.NoLabels);
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<NaruException>(() => Snapshots.Prepare(Stores.Space, "key", "active", Stores.NoLabels)).Kind);
        Assert.Equal("parent snapshot none does not exist: not found", Assert.Throws<NaruException>(() => Snapshots.Prepare(Stores.Space, "key", "none", Stores.NoLabels)).Message);
    }

    [Fact]
    public void What_cannot_be_made_leaves_no_folder()
    {
        var before = Folders();
        Assert.Throws<NaruException>(() => Snapshots.Prepare(Stores.Space with { Lease = "gone" }, "key", "", Stores.NoLabels));
        Assert.Equal(before, Folders());
        Snapshots.Prepare(Stores.Space, "key", "", Stores.NoLabels);
        Assert.Throws<NaruException>(() => Snapshots.Prepare(Stores.Space, "key", "", Stores.NoLabels));
        Assert.Equal(before + 1, Folders());
    }

    [Fact]
    public void After_a_crash_a_folder_without_a_row_goes_and_the_rest_stays()
    {
        _stores.Layer("kept");
        Directory.CreateDirectory(Path.Combine(_stores.Folder, "snapshots", "4711", "fs", "deep"));
        using var after = _stores.Reopen();
        after.Collector.CleanAfterCrash();
        Assert.Equal(1, Folders());
        Assert.True(Directory.Exists(Assert.Single(after.Snapshots.Layers(Stores.Space, "kept"))));
    }

    private int Folders() => Directory.EnumerateDirectories(Path.Combine(_stores.Folder, "snapshots")).Count();
}
