using Naru.Base;
using Naru.Hub.Storage;

namespace Naru.Tests.Hub.Storage;

public sealed class FolderStorageTests : StorageContract, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("naru-hub-storage-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task An_upload_has_one_writer_at_a_time()
    {
        await using var storage = Open();
        var key = ObjectKey.New();
        await using (await storage.Create(key, default))
            Assert.Equal(ErrorKind.Conflict, (await Assert.ThrowsAsync<NaruException>(async () => await storage.Continue(key, default))).Kind);
        await using var next = await storage.Continue(key, default);
        Assert.NotNull(next);
    }

    [Fact]
    public void A_range_ends_where_its_file_ends()
    {
        var path = Path.Combine(folder, "file");
        File.WriteAllBytes(path, Content(1, 100));
        using var range = new FileRange(File.OpenHandle(path), 90, long.MaxValue);
        Assert.Equal(10, range.Length);
        range.Position = 8;
        Assert.Equal(2, range.Read(new byte[10]));
        Assert.Equal(0, range.Read(new byte[10]));
        Assert.Equal(5, range.Seek(-5, SeekOrigin.End));
        Assert.Equal((95, 5), (range.At, range.Left));
    }

    protected override IBlobStorage Open() => new FolderStorage(Path.Combine(folder, "data"));
}
