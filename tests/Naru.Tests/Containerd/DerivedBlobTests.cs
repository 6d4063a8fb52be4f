using System.Security.Cryptography;
using Naru.Base;
using Naru.Containerd;
using Naru.Images;
using Naru.Oci;

namespace Naru.Tests.Containerd;

/// <summary>A layer of a committed snapshot is no file until it is read, and is never lost.</summary>
public sealed class DerivedBlobTests : IDisposable
{
    private static readonly Scope s_other = new("others");

    private readonly Stores _stores = new();
    private readonly byte[] _tar;
    private readonly string _digest;

    public DerivedBlobTests()
    {
        _stores.Snapshots.Prepare(Stores.Space, "key", "", Stores.NoLabels);
        var files = _stores.Snapshots.FilesOf(Stores.Space, "key");
        Directory.CreateDirectory(Path.Combine(files, "folder"));
        File.WriteAllText(Path.Combine(files, "folder", "file"), "content");
        File.SetLastWriteTimeUtc(Path.Combine(files, "folder", "file"), DateTime.UnixEpoch.AddSeconds(1000));
        _stores.Snapshots.Commit(Stores.Space, "layer", "key", Stores.NoLabels);
        var tar = new MemoryStream();
        LayerDiffer.WriteLayer(files, tar);
        _tar = tar.ToArray();
        _digest = Digests.Prefix + Convert.ToHexStringLower(SHA256.HashData(_tar));
    }

    public void Dispose() => _stores.Dispose();

    [Fact]
    public void It_has_digest_size_and_labels_and_no_file_until_it_is_read()
    {
        var made = Create(_stores, new Dictionary<string, string> { ["a"] = "b" });
        Assert.Equal((_digest, _tar.Length), (made.Digest.ToString(), made.Size));
        var info = _stores.Content.Info(Stores.Space, _digest);
        Assert.Equal(_tar.Length, info.Size);
        Assert.Equal(("b", _digest), (info.Labels["a"], info.Labels["containerd.io/uncompressed"]));
        Assert.Empty(Files(_stores));
        Assert.Equal(_tar, Read(_stores));
        Assert.Single(Files(_stores));
        Assert.Equal(_tar, Read(_stores));
    }

    [Fact]
    public void Made_twice_it_takes_the_second_labels()
    {
        Create(_stores);
        Create(_stores, new Dictionary<string, string> { ["second"] = "yes" });
        Assert.Equal("yes", _stores.Content.Info(Stores.Space, _digest).Labels["second"]);
    }

    [Fact]
    public void Times_are_cut_the_same_way_when_it_is_read()
    {
        var made = Creator(_stores).Create(Stores.Space, [], Mounts(_stores), MediaTypes.OciLayer, "", Stores.NoLabels, 500, CancellationToken.None);
        Assert.NotEqual(_digest, made.Digest.ToString());
        Assert.Equal(made.Digest.ToString(), Digests.Of(_stores.Content.ReadAll(Stores.Space, made.Digest.ToString())));
    }

    [Fact]
    public void An_active_snapshot_is_written_at_once()
    {
        _stores.Snapshots.Prepare(Stores.Space, "active", "", Stores.NoLabels);
        var mounts = _stores.Snapshots.Mounts(Stores.Space, "active");
        File.WriteAllText(Path.Combine(mounts[0].Source, "file"), "first");
        var made = Creator(_stores).Create(Stores.Space, [], mounts, MediaTypes.OciLayer, "", Stores.NoLabels, null, CancellationToken.None);
        File.WriteAllText(Path.Combine(mounts[0].Source, "file"), "second");
        Assert.Equal(made.Digest.ToString(), Digests.Of(_stores.Content.ReadAll(Stores.Space, made.Digest.ToString())));
    }

    [Fact]
    public void The_snapshot_may_go()
    {
        Create(_stores);
        _stores.Snapshots.Remove(Stores.Space, "layer");
        _stores.Snapshots.WaitForRemovals();
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(_stores.Folder, "snapshots")));
        Assert.Equal(_tar, Read(_stores));
    }

    [Fact]
    public void One_of_two_snapshots_of_the_same_files_may_go_without_its_being_made()
    {
        Create(_stores);
        _stores.Snapshots.Share(Stores.Space, "second", "", "layer", Stores.NoLabels);
        _stores.Snapshots.Remove(Stores.Space, "layer");
        _stores.Snapshots.WaitForRemovals();
        Assert.Empty(Files(_stores));
        Assert.Equal(_tar, Read(_stores));
    }

    [Fact]
    public void Garbage_is_not_made()
    {
        Create(_stores);
        _stores.Collector.Collect();
        Assert.False(_stores.Has(_digest));
        Assert.Empty(Files(_stores));
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(_stores.Folder, "snapshots")));
        _stores.Layer("again");
        Assert.Throws<NaruException>(() => _stores.Content.BlobPath(Stores.Space, _digest));
    }

    [Fact]
    public void A_second_namespace_has_it_too()
    {
        Create(_stores);
        Assert.Equal(ErrorKind.AlreadyExists, Assert.Throws<NaruException>(() => _stores.Content.OpenWriter(s_other, "ref", 0, _digest)).Kind);
        _stores.Content.Delete(Stores.Space, _digest);
        Assert.Equal(_tar, _stores.Content.ReadAll(s_other, _digest));
    }

    [Fact]
    public void The_same_bytes_written_take_its_place()
    {
        Create(_stores);
        using (var writer = _stores.Content.OpenWriter(s_other, "ref", 0, string.Empty))
        {
            writer.Write(_tar);
            writer.Commit(0, _digest, Stores.NoLabels);
        }

        Assert.Single(Files(_stores));
        Directory.Delete(Mounts(_stores)[0].Source, recursive: true);
        Assert.Equal(_tar, Read(_stores));
    }

    [Fact]
    public void A_crash_between_the_snapshots_end_and_its_folders_loses_nothing()
    {
        Create(_stores);
        _stores.Database.Write(session => session.Execute("DELETE FROM snapshot"));
        File.WriteAllText(Path.Combine(_stores.Folder, "content", "blobs", "sha256", _digest[7..] + ".made"), "torn");
        using var again = _stores.Reopen();
        again.Collector.CleanAfterCrash();
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(_stores.Folder, "snapshots")));
        Assert.Equal([_digest[7..]], Files(again));
        Assert.Equal(_tar, Read(again));
    }

    [Fact]
    public void Files_that_changed_are_told_and_kept()
    {
        Create(_stores);
        File.WriteAllText(Path.Combine(Mounts(_stores)[0].Source, "folder", "file"), "damaged");
        var error = Assert.Throws<NaruException>(() => Read(_stores));
        Assert.Matches($"^content {_digest} cannot be made of .*/fs: the files have changed: they make sha256:[0-9a-f]{{64}} now$", error.Message);
        Assert.Empty(Files(_stores));
        _stores.Snapshots.Remove(Stores.Space, "layer");
        _stores.Snapshots.WaitForRemovals();
        Assert.Single(Directory.EnumerateDirectories(Path.Combine(_stores.Folder, "snapshots")));
    }

    private static DiffCreator Creator(Stores stores) => new(stores.Content, stores.Snapshots);

    private static List<SnapshotMount> Mounts(Stores stores) => [new("bind", stores.Snapshots.Layers(Stores.Space, "layer")[0], ["ro", "rbind"])];

    private static Descriptor Create(Stores stores, Dictionary<string, string>? labels = null) =>
        Creator(stores).Create(Stores.Space, [], Mounts(stores), MediaTypes.OciLayer, "", labels ?? Stores.NoLabels, null, CancellationToken.None);

    private byte[] Read(Stores stores) => stores.Content.ReadAll(Stores.Space, _digest);

    private static IEnumerable<string> Files(Stores stores) => Directory.EnumerateFiles(Path.Combine(stores.Folder, "content", "blobs", "sha256")).Select(file => Path.GetFileName(file));
}
