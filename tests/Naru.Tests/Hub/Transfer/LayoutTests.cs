using Naru.Base;
using Naru.Hub.Accounts;
using Naru.Hub.Metadata;
using Naru.Hub.Registry;
using Naru.Hub.Storage;
using Naru.Hub.Transfer;
using Naru.Oci;

namespace Naru.Tests.Hub.Transfer;

public sealed class LayoutTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("naru-hub-layout-").FullName;

    private string Target => Path.Combine(folder, "layout");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_repository_comes_back_as_it_was(bool tar)
    {
        await using var hub = Hub("from");
        var (repository, index, about) = await Fill(hub);
        await Export(hub, repository, null, tar);

        await using var other = Hub("to");
        var copy = await other.Repository("c/d");
        Assert.Equal(5, await Import(other, copy, tar));
        Assert.Equal(await hub.Manifests.Tags(repository, "", 100, default), await other.Manifests.Tags(copy, "", 100, default));
        Assert.Equal(index.Digest, (await other.Manifests.Require(copy, "v1", default)).Digest);
        foreach (var reference in (string[])["v1", "v2", "also", about.Digest.ToString()])
            Assert.True(await other.Whole(copy, reference), reference);
        Assert.Single(await other.Manifests.Referrers(copy, index.Digest, null, "", 10, default));
        Assert.Empty(await other.Problems());
    }

    [Fact]
    public async Task One_tag_is_exported_with_what_is_about_it_and_nothing_else()
    {
        await using var hub = Hub("from");
        var (repository, index, about) = await Fill(hub);
        await Export(hub, repository, "v1", tar: false);
        var entries = ImageIndex.Parse(File.ReadAllBytes(Path.Combine(Target, "index.json")), MediaTypes.OciIndex).Manifests;
        Assert.Equal([index.Digest, about.Digest], entries.Select(entry => entry.Digest));
        Assert.Equal("v1", entries[0].Annotations![MediaTypes.RefNameAnnotation]);
        Assert.Null(entries[1].Annotations);
        foreach (var blob in Directory.EnumerateFiles(Path.Combine(Target, "blobs", "sha256")))
            Assert.Equal("sha256:" + Path.GetFileName(blob), Digest.Of(File.ReadAllBytes(blob)).ToString());
        Assert.Equal("""{"imageLayoutVersion":"1.0.0"}""", File.ReadAllText(Path.Combine(Target, "oci-layout")));
    }

    [Fact]
    public async Task A_damaged_layout_is_refused_and_says_where()
    {
        await using var hub = Hub("from");
        var (repository, _, _) = await Fill(hub);
        await Export(hub, repository, null, tar: false);
        var layer = Path.Combine(Target, "blobs", "sha256", Digest.Of("one"u8).Hex);
        await using var other = Hub("to");
        var copy = await other.Repository("c/d");
        File.WriteAllText(layer, "ONE");
        Assert.Equal(RegistryErrorCode.DigestInvalid, (await Assert.ThrowsAsync<RegistryException>(async () => await Import(other, copy, tar: false))).Code);
        File.Delete(layer);
        Assert.Equal(RegistryErrorCode.ManifestBlobUnknown, (await Assert.ThrowsAsync<RegistryException>(async () => await Import(other, copy, tar: false))).Code);
        File.Delete(Path.Combine(Target, "index.json"));
        Assert.Contains("index.json", (await Assert.ThrowsAsync<NaruException>(async () => await Import(other, copy, tar: false))).Message, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(Target, "blobs", "sha256", "name"), "x");
        Assert.Contains("blobs/sha256/name", (await Assert.ThrowsAsync<NaruException>(async () => await Import(other, copy, tar: false))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_with_something_in_it_is_left_alone()
    {
        Directory.CreateDirectory(Target);
        File.WriteAllText(Path.Combine(Target, "mine"), "");
        await using var hub = Hub("from");
        Assert.Equal(ErrorKind.AlreadyExists, Assert.Throws<NaruException>(() => new FolderTarget(Target)).Kind);
    }

    private static async Task<(Repository Repository, Descriptor Index, Descriptor About)> Fill(TestHub hub)
    {
        var repository = await hub.Repository("a/b");
        var index = await hub.PushIndex(repository, "v1", await hub.PushImage(repository, null, ["one", "two"]), await hub.PushImage(repository, null, ["one", "three"]));
        await hub.PushImage(repository, "v2", ["four"]);
        await hub.PushImage(repository, "also", ["four"]);
        return (repository, index, await hub.PushImage(repository, null, ["signature"], index));
    }

    private async Task Export(TestHub hub, Repository repository, string? reference, bool tar)
    {
        await using ILayoutTarget target = tar ? new TarTarget(File.Create(Target)) : new FolderTarget(Target);
        await new LayoutExporter(hub.Database, hub.Blobs, hub.Manifests).Export(repository, reference, target, default);
    }

    private async Task<int> Import(TestHub hub, Repository repository, bool tar)
    {
        var importer = new LayoutImporter(repository, Caller.Operator, hub.Blobs, hub.Uploads, hub.Manifests);
        if (!tar)
            return await importer.ImportFolder(Target, default);
        await using var archive = File.OpenRead(Target);
        return await importer.ImportTar(archive, default);
    }

    private TestHub Hub(string name)
    {
        var data = Path.Combine(folder, name);
        var storage = new FolderStorage(data);
        return new TestHub(new SqliteDatabase(Path.Combine(data, "hub.db")), storage);
    }
}
