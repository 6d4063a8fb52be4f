using System.IO.Compression;
using System.Text;
using Naru.Containerd;
using Naru.Images;
using Naru.Linux;
using Naru.Oci;

namespace Naru.System.Tests.Images;

/// <summary>The stores of a naru-containerd in a folder of its own, and pulls into them.</summary>
internal sealed class Puller : IDisposable
{
    private readonly Database database;
    private readonly GarbageSchedule garbage = new();
    private readonly TransfersUnderWay underWay = new();
    private readonly LeaseStore leases;

    public Puller()
    {
        Folder = Directory.CreateTempSubdirectory("naru-pull-").FullName;
        database = new Database(Path.Combine(Folder, "metadata.db"));
        var events = new EventExchange();
        Content = new ContentStore(database, Path.Combine(Folder, "content"), Path.Combine(Folder, "snapshots"), garbage);
        Snapshots = new OverlaySnapshotter(database, Path.Combine(Folder, "snapshots"), Content, events, garbage);
        Images = new ImageStore(database, events, garbage);
        leases = new LeaseStore(database, garbage);
        Collector = new GarbageCollector(database, Content, Snapshots);
    }

    public string Folder { get; }

    public ContentStore Content { get; }

    public OverlaySnapshotter Snapshots { get; }

    public ImageStore Images { get; }

    public GarbageCollector Collector { get; }

    public Scope Scope { get; } = new("test");

    public static RegistryOptions Quick(RegistryOptions? options = null) => (options ?? new RegistryOptions()) with { RetryDelay = TimeSpan.FromMilliseconds(5), IdleTimeout = TimeSpan.FromSeconds(5) };

    /// <summary>Pulls and unpacks; the lease it pulls under is gone afterwards, as a transfer's is.</summary>
    public async Task<ImageRecord> Pull(string reference, RegistryOptions? options = null, Platform? platform = null)
    {
        var lease = Guid.NewGuid().ToString("N");
        leases.Create(Scope, lease, new Dictionary<string, string>());
        try
        {
            using var client = new RegistryClient(Quick(options));
            var pull = new PullOptions { Name = reference, Unpack = platform ?? Platform.Host, Platforms = platform is null ? [] : [platform] };
            return await new ImagePuller(Scope with { Lease = lease }, Content, Snapshots, Images, client, underWay, _ => { }).Pull(ImageReference.Parse(reference), pull, CancellationToken.None);
        }
        finally
        {
            leases.Delete(Scope, lease);
        }
    }

    /// <summary>What is there once the collector has been: names, blobs, snapshots, half-written blobs.</summary>
    public (int Images, int Blobs, int Snapshots, int Ingests) Count()
    {
        Collector.Collect();
        Snapshots.WaitForRemovals();
        return (Images.List(Scope, Filter.Parse([])).Count, Directory.GetFiles(Path.Combine(Folder, "content", "blobs", "sha256")).Length,
            Snapshots.List(Scope, Filter.Parse([])).Count, Directory.GetDirectories(Path.Combine(Folder, "content", "ingest")).Length);
    }

    /// <summary>A file of the image's uppermost snapshot.</summary>
    public string Read(string path)
    {
        var top = Snapshots.List(Scope, Filter.Parse([])).Single(s => Snapshots.List(Scope, Filter.Parse([])).All(o => o.Parent != s.Name));
        return File.ReadAllText(Path.Combine(Snapshots.Layers(Scope, top.Name)[0], path));
    }

    public void Dispose()
    {
        Snapshots.WaitForRemovals();
        database.Dispose();
        garbage.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    public static byte[] Tar(params (string Name, byte[] Content)[] files)
    {
        var archive = new MemoryStream();
        using (var writer = new TarWriter(archive))
        {
            foreach (var (name, content) in files)
                writer.Add(new TarEntry { Name = Encoding.UTF8.GetBytes(name), Mode = 0x1A4, Size = content.Length }, content);
        }

        return archive.ToArray();
    }

    public static byte[] Gzip(byte[] content)
    {
        var target = new MemoryStream();
        using (var stream = new GZipStream(target, CompressionLevel.Fastest))
            stream.Write(content);
        return target.ToArray();
    }

    /// <summary>Puts an image into the registry under the tag: its layers as tars, gzipped.</summary>
    public static Digest Add(FakeRegistry registry, string tag, params byte[][] layers) => Add(registry, tag, "amd64", null, layers);

    public static Digest Add(FakeRegistry registry, string tag, string architecture, string? variant, params byte[][] layers)
    {
        var packed = layers.Select(Gzip).ToList();
        var config = new ImageConfig { Os = "linux", Architecture = architecture, Variant = variant, RootFs = new RootFs { DiffIds = [.. layers.Select(l => Digest.Of(l))] } }.Write();
        registry.AddBlob(config);
        packed.ForEach(p => registry.AddBlob(p));
        return registry.AddManifest(tag, MediaTypes.OciManifest, new ImageManifest
        {
            MediaType = MediaTypes.OciManifest,
            Config = Descriptor.Of(MediaTypes.OciConfig, config),
            Layers = [.. packed.Select(p => Descriptor.Of(MediaTypes.OciLayerGzip, p))],
        }.Write());
    }
}
