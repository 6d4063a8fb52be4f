using Naru.Containerd;

namespace Naru.Tests.Containerd;

public sealed class GarbageCollectorTests : IDisposable
{
    private readonly Stores _stores = new();

    public void Dispose() => _stores.Dispose();

    [Fact]
    public void An_image_keeps_its_tree_and_nothing_else_stays()
    {
        var layer = _stores.Put("layer");
        var config = _stores.Put("config", null, ("containerd.io/gc.ref.snapshot.overlayfs", "top"));
        var manifest = _stores.Put("manifest", null, ("containerd.io/gc.ref.content.config", config), ("containerd.io/gc.ref.content.l.0", layer));
        var stray = _stores.Put("stray");
        _stores.Layer("bottom");
        _stores.Layer("top", "bottom");
        _stores.Layer("unused", "bottom");
        Name("image", manifest);
        _stores.Collector.Collect();
        Assert.True(_stores.Has(manifest) && _stores.Has(config) && _stores.Has(layer));
        Assert.False(_stores.Has(stray));
        Assert.Equal(["bottom", "top"], SnapshotNames());

        _stores.Images.Delete(Stores.Space, "image");
        _stores.Collector.Collect();
        Assert.False(_stores.Has(manifest) || _stores.Has(config) || _stores.Has(layer));
        Assert.Empty(SnapshotNames());
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_stores.Folder, "snapshots")));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_stores.Folder, "content", "blobs", "sha256")));
    }

    [Fact]
    public void A_lease_keeps_what_was_made_under_it_until_it_ends()
    {
        _stores.Leases.Create(Stores.Space, "lease", Stores.NoLabels);
        var held = Stores.Space with { Lease = "lease" };
        var blob = _stores.Put("held", held);
        _stores.Layer("held", "", held);
        _stores.Collector.Collect();
        Assert.True(_stores.Has(blob));
        Assert.Equal(["held"], SnapshotNames());

        _stores.Leases.Delete(Stores.Space, "lease");
        _stores.Collector.Collect();
        Assert.False(_stores.Has(blob));
        Assert.Empty(SnapshotNames());
    }

    [Fact]
    public void A_flat_lease_keeps_the_blob_but_not_what_it_refers_to()
    {
        _stores.Leases.Create(Stores.Space, "flat", new Dictionary<string, string> { ["containerd.io/gc.flat"] = "1" });
        var layer = _stores.Put("layer");
        var manifest = _stores.Put("manifest", Stores.Space with { Lease = "flat" }, ("containerd.io/gc.ref.content.l.0", layer));
        _stores.Collector.Collect();
        Assert.True(_stores.Has(manifest));
        Assert.False(_stores.Has(layer));
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(1, true)]
    public void A_lease_ends_when_it_expires(int hours, bool kept)
    {
        var end = DateTime.UtcNow.AddHours(hours).ToString("yyyy-MM-ddTHH:mm:ssZ");
        _stores.Leases.Create(Stores.Space, "lease", new Dictionary<string, string> { ["containerd.io/gc.expire"] = end });
        var blob = _stores.Put("held", Stores.Space with { Lease = "lease" });
        _stores.Collector.Collect();
        Assert.Equal(kept, _stores.Has(blob));
    }

    [Fact]
    public void A_root_label_keeps_content_and_snapshots()
    {
        var root = new Dictionary<string, string> { ["containerd.io/gc.root"] = "2026-01-01T00:00:00Z" };
        var blob = _stores.Put("root", null, ("containerd.io/gc.root", "2026-01-01T00:00:00Z"));
        _stores.Layer("bottom");
        _stores.Snapshots.Prepare(Stores.Space, "active", "bottom", root);
        _stores.Collector.Collect();
        Assert.True(_stores.Has(blob));
        Assert.Equal(["active", "bottom"], SnapshotNames());
    }

    [Fact]
    public void References_in_a_circle_keep_nobody()
    {
        var one = _stores.Put("one");
        var two = _stores.Put("two", null, ("containerd.io/gc.ref.content", one));
        _stores.Content.Update(Stores.Space, one, new Dictionary<string, string> { ["containerd.io/gc.ref.content.x"] = two }, ["labels.containerd.io/gc.ref.content.x"]);
        _stores.Collector.Collect();
        Assert.False(_stores.Has(one) || _stores.Has(two));
    }

    [Fact]
    public void One_namespaces_image_keeps_nothing_in_another()
    {
        var other = new Scope("other");
        var here = _stores.Put("shared");
        _stores.Put("shared", other);
        Name("image", here);
        _stores.Collector.Collect();
        Assert.True(_stores.Has(here));
        Assert.False(_stores.Content.Has(other, here));
        Assert.True(File.Exists(_stores.Content.BlobPath(Stores.Space, here)));
    }

    [Fact]
    public void A_transfers_lease_does_not_outlive_the_daemon()
    {
        _stores.Leases.Create(Stores.Space, "pull", new Dictionary<string, string> { [LeaseStore.TransferLabel] = "1" });
        _stores.Leases.Create(Stores.Space, "client", Stores.NoLabels);
        var half = _stores.Put("half", Stores.Space with { Lease = "pull" });
        _stores.Layer("half", "", Stores.Space with { Lease = "pull" });
        var kept = _stores.Put("kept", Stores.Space with { Lease = "client" });
        using var after = _stores.Reopen();
        after.Leases.DropTransfers();
        after.Collector.CleanAfterCrash();
        after.Collector.Collect();
        Assert.False(after.Has(half));
        Assert.True(after.Has(kept));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_stores.Folder, "snapshots")));
    }

    private void Name(string name, string digest) =>
        _stores.Images.Create(Stores.Space, name, new TargetDescriptor("application/vnd.oci.image.manifest.v1+json", digest, 1, Stores.NoLabels), Stores.NoLabels);

    private IEnumerable<string> SnapshotNames() => _stores.Snapshots.List(Stores.Space, Filter.Parse([])).Select(s => s.Name);
}
