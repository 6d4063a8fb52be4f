using Naru.Hub.Layers;
using Naru.Hub.Metadata;
using Naru.Hub.Storage;
using Naru.Oci;

namespace Naru.Tests.Hub.Layers;

/// <summary>A registry's storage and database with one repository, for as long as a test.</summary>
internal sealed class LayerStage : IAsyncDisposable
{
    /// <summary>The folder of all this.</summary>
    public string Root { get; } = Directory.CreateTempSubdirectory("naru-layers-").FullName;

    public LayerStage(LayerIndexLimits? limits = null, TimeSpan? lease = null, IDatabase? database = null)
    {
        Storage = new CountingStorage(new FolderStorage(Path.Combine(Root, "storage")));
        Database = database ?? new SqliteDatabase(Path.Combine(Root, "hub.db"));
        Indexes = new LayerIndexes(Database, Storage) { Lease = lease ?? TimeSpan.FromMinutes(2) };
        Files = new LayerFiles(Indexes, Database, Storage);
        Tree = new ImageTree(Indexes);
        Queue = new LayerIndexQueue(Indexes, Storage, limits ?? LayerIndexLimits.Default);
    }

    public CountingStorage Storage { get; }

    public IDatabase Database { get; }

    public LayerIndexes Indexes { get; }

    public LayerFiles Files { get; }

    public LayerIndexQueue Queue { get; }

    public ImageTree Tree { get; }

    /// <summary>Stores a blob as a push would, named by an image of its own.</summary>
    public async Task<string> Push(byte[] blob)
    {
        var digest = Digest.Of(blob).ToString();
        var key = ObjectKey.New();
        await using (var writer = await Storage.Create(key, default))
        {
            await writer.Write(blob, default);
            await writer.Complete(default);
        }

        await Database.Write(async session =>
        {
            await session.Execute("INSERT INTO repository (id, name, private, description, readme, created) VALUES (1, 'app', 0, '', '', 0) ON CONFLICT (name) DO NOTHING");
            await session.Execute("INSERT INTO blob (digest, size, object, created) VALUES ($1, $2, $3, 0)", digest, (long)blob.Length, key);
            await session.Execute("INSERT INTO held (repository, digest, named) VALUES (1, $1, 0)", digest);
            await session.Execute("INSERT INTO manifest (digest, media_type, content, created) VALUES ($1, 'm', $2, 0)", "image of " + digest, Array.Empty<byte>());
            await session.Execute("INSERT INTO image (repository, digest, media_type, size, pushed, named) VALUES (1, $1, 'm', 0, 0, 0)", "image of " + digest);
            return await session.Execute("INSERT INTO image_part (repository, digest, part) VALUES (1, $1, $2)", "image of " + digest, digest);
        }, default);
        return digest;
    }

    /// <summary>Pushes layers and waits until the queue has looked at each. The queue runs from here on.</summary>
    public async Task<List<string>> PushAndIndex(params byte[][] blobs)
    {
        var digests = new List<string>();
        foreach (var blob in blobs)
            digests.Add(await Push(blob));
        Queue.Start();
        foreach (var digest in digests)
            await Settled(digest);
        return digests;
    }

    /// <summary>Waits until a layer is indexed, or failed.</summary>
    public async Task<LayerIndexState> Settled(string digest)
    {
        for (var left = 3000; left > 0; left--)
        {
            if (await Indexes.State(digest, default) is var state && (state.Ready || state.Failure is not null))
                return state;
            await Task.Delay(10);
        }

        throw new TimeoutException($"layer {digest} was not indexed");
    }

    public async Task<byte[]> Read(string digest, string path, long offset = 0, long length = long.MaxValue)
    {
        var file = await Files.Open(digest, path, default);
        await using var stream = await file.Read(offset, length, default);
        var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    public async Task<List<string>> Names(string digest, string folder, int limit = 1000) =>
        [.. from entry in (await Files.List(digest, folder, null, limit, default)).Children select entry.Name];

    public async ValueTask DisposeAsync()
    {
        await Queue.DisposeAsync();
        await Database.DisposeAsync();
        await Storage.DisposeAsync();
        Directory.Delete(Root, recursive: true);
    }
}
