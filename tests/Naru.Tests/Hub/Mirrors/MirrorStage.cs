using Naru.Hub.Accounts;
using Naru.Hub.Metadata;
using Naru.Hub.Mirrors;
using Naru.Hub.Registry;
using Naru.Hub.Storage;
using Naru.Oci;

namespace Naru.Tests.Hub.Mirrors;

/// <summary>A registry in a folder of its own that mirrors an <see cref="Upstream"/> as docker.io.</summary>
internal sealed class MirrorStage : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("naru-hub-mirror-").FullName;
    private readonly FolderStorage storage;
    private readonly Uploads uploads;

    /// <param name="fresh">How long a tag is not asked for again.</param>
    public MirrorStage(TimeSpan fresh)
    {
        storage = new FolderStorage(folder);
        Database = new SqliteDatabase(Path.Combine(folder, "hub.db"));
        Manifests = new Manifests(Database, new RepositoryEvents());
        Blobs = new Blobs(Database, storage);
        uploads = new Uploads(Database, storage);
        Service = new MirrorService(new MirrorList([new MirrorSettings("docker.io", Upstream.Address)], "docker.io"), Database, Manifests, Blobs, uploads,
            Path.Combine(folder, "spool"), new MirrorLimits(fresh, null, null));
        Name = Service.Mirrors.Parse("docker.io/library/app")!;
    }

    public Upstream Upstream { get; } = new();

    public SqliteDatabase Database { get; }

    public Manifests Manifests { get; }

    public Blobs Blobs { get; }

    public MirrorService Service { get; }

    /// <summary>docker.io/library/app.</summary>
    public MirroredName Name { get; }

    public ValueTask<MirroredManifest> Manifest(string reference) => Service.Manifests.Require(Name, reference, default);

    /// <summary>All bytes of a blob, as a client gets them.</summary>
    public async Task<byte[]> Blob(Digest digest, MirroredName? name = null)
    {
        using var blob = await Service.Blobs.Open(name ?? Name, digest, default);
        await using var content = blob.Stored is { } stored ? await Blobs.Read(stored, 0, blob.Size, default) : blob.Read(0, blob.Size);
        using var all = new MemoryStream();
        await content.CopyToAsync(all);
        return all.ToArray();
    }

    /// <summary>Waits until the blob is among those that are here.</summary>
    public async Task Stored(Digest digest)
    {
        while (await Number($"SELECT COUNT(*) FROM held WHERE digest = '{digest}'") == 0)
            await Task.Delay(10);
    }

    public async Task<long> Number(string sql) => await Database.Read(session => session.Number(sql), default) ?? 0;

    public Access Access(bool open) => new(Database, open, mirrors: Service.Mirrors);

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await uploads.DisposeAsync();
        await Database.DisposeAsync();
        await storage.DisposeAsync();
        Upstream.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
