using System.Text;
using Naru.Base;
using Naru.Images;
using Naru.Linux;
using Naru.Oci;

namespace Naru.System.Tests.Images;

/// <summary>Images that must not be pulled: each is refused with what is wrong with it, and leaves nothing behind.</summary>
public sealed class HostilePullTests : IDisposable
{
    private const string Manifest = MediaTypes.OciManifest;
    private readonly FakeRegistry registry = new();
    private readonly Puller puller = new();

    public void Dispose()
    {
        registry.Dispose();
        puller.Dispose();
    }

    [Fact]
    public async Task A_blob_with_other_bytes_is_refused_by_its_digest()
    {
        var layer = Layer("a", "1");
        Puller.Add(registry, "t", layer);
        var other = Puller.Gzip(Layer("a", "2"));
        registry.Answers[$"/v2/x/blobs/{Digest.Of(Puller.Gzip(layer))}"] = new FakeRegistry.Answer(200, other);
        await Refused("unexpected commit");
    }

    [Fact]
    public async Task A_blob_that_is_no_gzip_any_more_is_refused_by_its_digest()
    {
        var layer = Layer("a", new string('x', 20_000));
        Puller.Add(registry, "t", layer);
        var damaged = Puller.Gzip(layer);
        damaged[40] ^= 0xFF;
        registry.Answers[$"/v2/x/blobs/{Digest.Of(Puller.Gzip(layer))}"] = new FakeRegistry.Answer(200, damaged);
        await Refused("unexpected commit digest");
    }

    [Fact]
    public async Task A_blob_that_is_larger_than_its_descriptor_is_refused() => await WrongSize(-5, "larger than");

    [Fact]
    public async Task A_blob_that_is_smaller_than_its_descriptor_is_refused() => await WrongSize(5, "unexpected EOF");

    [Fact]
    public async Task A_body_that_ends_early_for_good_is_refused()
    {
        var layer = Layer("a", "1");
        Puller.Add(registry, "t", layer);
        var path = $"/v2/x/blobs/{Digest.Of(Puller.Gzip(layer))}";
        registry.Answers[path] = registry.Answers[path] with { Ranges = false, CutAfter = 20 };
        await Refused("failed to copy", ingests: 1);
    }

    [Fact]
    public async Task A_layer_that_the_config_does_not_name_is_refused()
    {
        var config = new ImageConfig { Os = "linux", Architecture = "amd64", RootFs = new RootFs { DiffIds = [Digest.Of("other"u8)] } }.Write();
        Serve(config, Puller.Gzip(Layer("a", "1")));
        await Refused("wrong diff id");
    }

    [Fact]
    public async Task Layers_and_diff_ids_must_be_as_many()
    {
        var config = new ImageConfig { Os = "linux", Architecture = "amd64" }.Write();
        Serve(config, Puller.Gzip(Layer("a", "1")));
        await Refused("number of layers and diffIDs don't match: 1 != 0");
    }

    [Theory]
    [InlineData("../escaped", "invalid entry name")]
    [InlineData("a/../../escaped", "invalid entry name")]
    [InlineData(".wh...", "invalid")]
    public async Task A_layer_that_leaves_its_folder_is_refused(string name, string says)
    {
        Puller.Add(registry, "t", Layer("fine", "1"), Layer(name, "2"));
        // The fine one may have been on its way.
        await Refused(says, ingests: null);
        Assert.Empty(Directory.GetFiles(puller.Folder, "escaped", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_hard_link_out_is_refused()
    {
        var archive = new MemoryStream();
        using (var writer = new TarWriter(archive))
            writer.Add(new TarEntry { Name = "a"u8.ToArray(), Type = TarEntryType.HardLink, LinkName = "../../metadata.db"u8.ToArray() });
        Puller.Add(registry, "t", archive.ToArray());
        await Refused("invalid");
    }

    [Fact]
    public async Task A_huge_extended_header_is_refused()
    {
        var archive = new MemoryStream();
        using (var writer = new TarWriter(archive))
            writer.Add(new TarEntry { Name = "a"u8.ToArray(), Xattrs = [new TreeXattr("user.x"u8.ToArray(), new byte[2 << 20])] });
        Puller.Add(registry, "t", archive.ToArray());
        await Refused("header field too long");
    }

    [Fact]
    public async Task A_file_larger_than_the_disk_is_refused_before_it_is_written()
    {
        // A header without its data: it must not come to reading them.
        var archive = new MemoryStream();
        new TarWriter(archive).Begin(new TarEntry { Name = "bomb"u8.ToArray(), Size = 1L << 50 });
        Puller.Add(registry, "t", archive.ToArray());
        await Refused("no space left on device");
    }

    [Fact]
    public void Data_that_decompress_without_end_stop_at_the_limit()
    {
        var bomb = Puller.Gzip(Puller.Tar(("zeros", new byte[64 << 20])));
        var folder = Directory.CreateDirectory(Path.Combine(puller.Folder, "bomb")).FullName;
        var refusal = Assert.Throws<NaruException>(() => LayerApplier.Apply(new MemoryStream(bomb), folder, new LayerApplyOptions { MaximumBytes = 1 << 20 }));
        Assert.Contains("no space left on device", refusal.Message);
        Assert.Empty(Directory.GetFiles(folder));
    }

    [Fact]
    public async Task More_layers_than_overlayfs_stacks_are_refused()
    {
        var layer = Descriptor.Of(MediaTypes.OciLayerGzip, Puller.Gzip(Layer("a", "1")));
        var config = new ImageConfig { Os = "linux", Architecture = "amd64" }.Write();
        registry.AddBlob(config);
        registry.AddManifest("t", Manifest, new ImageManifest { MediaType = Manifest, Config = Descriptor.Of(MediaTypes.OciConfig, config), Layers = [.. Enumerable.Repeat(layer, 10_000)] }.Write());
        await Refused("max depth exceeded");
    }

    [Fact]
    public async Task A_config_of_more_than_8_MiB_is_refused()
    {
        var config = Encoding.ASCII.GetBytes("{\"os\":\"linux\",\"author\":\"" + new string('x', 9 << 20) + "\"}");
        Serve(config, Puller.Gzip(Layer("a", "1")));
        await Refused("more than 8388608");
    }

    [Fact]
    public async Task A_manifest_of_more_than_4_MiB_is_refused()
    {
        registry.AddManifest("t", Manifest, Encoding.ASCII.GetBytes("{\"x\":\"" + new string('x', 5 << 20) + "\"}"));
        await Refused("larger than 4194304");
    }

    [Theory]
    [InlineData("{", "manifest")]
    [InlineData("null", "manifest")]
    [InlineData("[]", "manifest")]
    [InlineData("{\"schemaVersion\":2}", "config has no digest")]
    [InlineData("{\"schemaVersion\":2,\"layers\":[],\"manifests\":[]}", "both layers and manifests")]
    [InlineData("{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"manifests\":[]}", "was described as")]
    [InlineData("{\"schemaVersion\":2,\"config\":{\"digest\":\"sha256:xyz\"},\"layers\":[]}", "digest")]
    [InlineData("{\"schemaVersion\":2,\"config\":{\"digest\":\"md5:d41d8cd98f00b204e9800998ecf8427e\"},\"layers\":[]}", "digest")]
    [InlineData("{\"schemaVersion\":2,\"layers\":[{}],\"config\":{}}", "digest")]
    [InlineData("{\"schemaVersion\":1,\"fsLayers\":[],\"history\":[]}", "no longer supported")]
    public async Task A_manifest_that_is_none_is_refused(string text, string says)
    {
        registry.AddManifest("t", Manifest, Encoding.ASCII.GetBytes(text));
        await Refused(says);
    }

    [Fact]
    public async Task Nesting_without_end_is_refused()
    {
        registry.AddManifest("t", Manifest, Encoding.ASCII.GetBytes("{\"schemaVersion\":2,\"layers\":" + new string('[', 20_000)));
        await Refused("depth");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{\"rootfs\":null}")]
    [InlineData("{\"rootfs\":{\"diff_ids\":[\"x\"]}}")]
    public async Task A_config_that_is_none_is_refused(string text)
    {
        Serve(Encoding.ASCII.GetBytes(text), Puller.Gzip(Layer("a", "1")));
        await Refused("");
    }

    [Fact]
    public async Task A_manifest_other_than_its_digest_says_is_refused()
    {
        Puller.Add(registry, "t", Layer("a", "1"));
        var asked = Digest.Of("another"u8);
        registry.Answers[$"/v2/x/manifests/{asked}"] = registry.Answers["/v2/x/manifests/t"];
        var refusal = await Assert.ThrowsAsync<NaruException>(() => puller.Pull($"{registry.Host}/x@{asked}"));
        Assert.Contains("manifest verification failed", refusal.Message);
        Assert.Equal((0, 0, 0, 0), puller.Count());
    }

    private async Task WrongSize(int by, string says)
    {
        var packed = Puller.Gzip(Layer("a", "1"));
        var config = new ImageConfig { Os = "linux", Architecture = "amd64", RootFs = new RootFs { DiffIds = [Digest.Of(Layer("a", "1"))] } }.Write();
        registry.AddBlob(config);
        registry.AddBlob(packed);
        var wrong = Descriptor.Of(MediaTypes.OciLayerGzip, packed);
        wrong = wrong with { Size = wrong.Size + by };
        registry.AddManifest("t", Manifest, new ImageManifest { MediaType = Manifest, Config = Descriptor.Of(MediaTypes.OciConfig, config), Layers = [wrong] }.Write());
        await Refused(says, ingests: null);
    }

    private void Serve(byte[] config, byte[] layer)
    {
        registry.AddBlob(config);
        registry.AddBlob(layer);
        registry.AddManifest("t", Manifest, new ImageManifest { MediaType = Manifest, Config = Descriptor.Of(MediaTypes.OciConfig, config), Layers = [Descriptor.Of(MediaTypes.OciLayerGzip, layer)] }.Write());
    }

    /// <param name="ingests">A half-written blob may stay, to be continued; null where that depends.</param>
    private async Task Refused(string says, int? ingests = 0)
    {
        var refusal = await Record.ExceptionAsync(() => puller.Pull($"{registry.Host}/x:t"));
        Assert.True(refusal is NaruException or LinuxException, refusal?.ToString() ?? "not refused");
        Assert.Contains(says, refusal!.Message);
        var (images, blobs, snapshots, left) = puller.Count();
        Assert.Equal((0, 0, 0, ingests ?? left), (images, blobs, snapshots, left));
        Assert.Empty(Directory.GetDirectories(Path.Combine(puller.Folder, "snapshots")));
    }

    private static byte[] Layer(string name, string content) => Puller.Tar((name, Encoding.ASCII.GetBytes(content)));
}
