using System.Text;
using Naru.Hub.Accounts;
using Naru.Hub.Gc;
using Naru.Hub.Metadata;
using Naru.Hub.Registry;
using Naru.Hub.Storage;
using Naru.Oci;

namespace Naru.Tests.Hub;

/// <summary>The rooms of a hub joined for a test, with what pushes and pulls do in one call.</summary>
internal sealed class TestHub : IAsyncDisposable
{
    public TestHub(IDatabase database, IBlobStorage storage)
    {
        (Database, Storage) = (database, storage);
        Blobs = new Blobs(database, storage);
        Uploads = new Uploads(database, storage);
        Manifests = new Manifests(database, new RepositoryEvents());
        Collector = new GarbageCollector(database, storage);
    }

    public IDatabase Database { get; }

    public IBlobStorage Storage { get; }

    public Blobs Blobs { get; }

    public Uploads Uploads { get; }

    public Manifests Manifests { get; }

    public GarbageCollector Collector { get; }

    public async Task<Repository> Repository(string name)
    {
        var id = await Database.Write(session => session.Number("INSERT INTO repository (name, private, description, readme, created) VALUES ($1, 0, '', '', 0) RETURNING id", name), default);
        return new Repository(id!.Value, name, null, false);
    }

    public async Task<Descriptor> PushBlob(Repository repository, string content, string mediaType = "application/vnd.oci.image.layer.v1.tar")
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        var descriptor = Descriptor.Of(mediaType, bytes);
        var id = await Uploads.Begin(repository, Caller.Operator, default);
        await Uploads.Finish(repository, id, new MemoryStream(bytes), null, descriptor.Digest, default);
        return descriptor;
    }

    /// <summary>Pushes an image of these layers, as clients do: what is there already is not sent.</summary>
    /// <param name="tag">Null: by its digest.</param>
    public async Task<Descriptor> PushImage(Repository repository, string? tag, string[] layers, Descriptor? subject = null)
    {
        List<Descriptor> sent = [];
        foreach (var content in layers.Prepend($"{{\"config\":\"{string.Join(' ', layers)}\"}}"))
        {
            var digest = Digest.Of(Encoding.UTF8.GetBytes(content));
            var found = await Blobs.Find(repository, digest, pushing: true, default);
            var mediaType = sent.Count == 0 ? MediaTypes.OciConfig : "application/vnd.oci.image.layer.v1.tar";
            sent.Add(found is null ? await PushBlob(repository, content, mediaType) : new Descriptor { MediaType = mediaType, Digest = digest, Size = found.Size });
        }

        var manifest = new ImageManifest { MediaType = MediaTypes.OciManifest, Config = sent[0], Layers = sent[1..], Subject = subject };
        return await Push(repository, tag, MediaTypes.OciManifest, manifest.Write());
    }

    public async Task<Descriptor> PushIndex(Repository repository, string? tag, params Descriptor[] manifests) =>
        await Push(repository, tag, MediaTypes.OciIndex, new ImageIndex { MediaType = MediaTypes.OciIndex, Manifests = manifests }.Write());

    /// <summary>Whether everything that the image needs can be read.</summary>
    public async Task<bool> Whole(Repository repository, string reference)
    {
        if (await Manifests.Find(repository, reference, default) is not { } manifest)
            return false;
        if (MediaTypes.IsIndex(manifest.MediaType))
        {
            foreach (var part in ImageIndex.Parse(manifest.Content).Manifests)
            {
                if (!await Whole(repository, part.Digest.ToString()))
                    return false;
            }

            return true;
        }

        var image = ImageManifest.Parse(manifest.Content);
        foreach (var part in image.Layers.Prepend(image.Config))
        {
            if (await Blobs.Find(repository, part.Digest, pushing: false, default) is not { } blob)
                return false;
            using var memory = new MemoryStream();
            await using var content = await Blobs.Read(blob, 0, blob.Size, default);
            await content.CopyToAsync(memory);
            if (Digest.Of(memory.ToArray()) != part.Digest)
                return false;
        }

        return true;
    }

    public async Task<long> Count(string table) => await Database.Read(session => session.Number($"SELECT COUNT(*) FROM {table}"), default) ?? 0;

    /// <summary>Lets everything that is there have been named and touched so long ago.</summary>
    public async Task Age(TimeSpan by)
    {
        foreach (var column in (string[])["held SET named = named", "image SET named = named", "upload SET touched = touched"])
            await Database.Write(session => session.Execute($"UPDATE {column} - $1", by.Ticks), default);
    }

    public async Task<List<string>> Problems()
    {
        var report = new VerifyReport();
        await new Verifier(Database, Storage).Verify(2, report, default);
        return [.. report.Problems];
    }

    public async ValueTask DisposeAsync()
    {
        await Uploads.DisposeAsync();
        await Storage.DisposeAsync();
        await Database.DisposeAsync();
    }

    private async Task<Descriptor> Push(Repository repository, string? tag, string mediaType, byte[] content)
    {
        var descriptor = Descriptor.Of(mediaType, content);
        await Manifests.Put(repository, Caller.Operator, tag ?? descriptor.Digest.ToString(), mediaType, content, default);
        return descriptor;
    }
}
