using System.Text;
using Naru.Base;
using Naru.Images;
using Naru.Oci;

namespace Naru.System.Tests.Images;

/// <summary>Whole pulls, into real stores, from a registry that works well or badly.</summary>
public sealed class PullTests : IDisposable
{
    private readonly FakeRegistry registry = new();
    private readonly Puller puller = new();

    public void Dispose()
    {
        registry.Dispose();
        puller.Dispose();
    }

    [Fact]
    public async Task An_image_is_unpacked_and_held_by_its_name()
    {
        Puller.Add(registry, "a", Tar("one", "1"), Tar("two", "2"));
        await puller.Pull($"{registry.Host}/x:a");
        Assert.Equal("2", puller.Read("two"));
        Assert.Equal((1, 4, 2, 0), puller.Count());
        puller.Images.Delete(puller.Scope, $"{registry.Host}/x:a");
        Assert.Equal((0, 0, 0, 0), puller.Count());
    }

    [Fact]
    public async Task Plain_and_zstd_layers_are_unpacked_too()
    {
        byte[] one = Tar("one", "1"), two = Tar("two", "2");
        var packed = new MemoryStream();
        using (var zstd = Compressions.Compress(packed, CompressionKind.Zstd, leaveOpen: true))
            zstd.Write(two);
        var config = new ImageConfig { Os = "linux", Architecture = "amd64", RootFs = new RootFs { DiffIds = [Digest.Of(one), Digest.Of(two)] } }.Write();
        registry.AddBlob(config);
        registry.AddBlob(one);
        registry.AddBlob(packed.ToArray());
        registry.AddManifest("z", MediaTypes.OciManifest, new ImageManifest
        {
            MediaType = MediaTypes.OciManifest,
            Config = Descriptor.Of(MediaTypes.OciConfig, config),
            Layers = [Descriptor.Of(MediaTypes.OciLayer, one), Descriptor.Of(MediaTypes.OciLayerZstd, packed.ToArray())],
        }.Write());
        await puller.Pull($"{registry.Host}/x:z");
        Assert.Equal("2", puller.Read("two"));
    }

    [Fact]
    public async Task A_layer_that_is_there_is_not_fetched_again()
    {
        var shared = Tar("shared", "s");
        Puller.Add(registry, "a", shared, Tar("one", "1"));
        Puller.Add(registry, "b", shared, Tar("two", "2"));
        await puller.Pull($"{registry.Host}/x:a");
        await puller.Pull($"{registry.Host}/x:b");
        Assert.Equal(1, registry.Count("GET", Blob(shared)));
        Assert.Equal((2, 7, 3, 0), puller.Count());
    }

    [Fact]
    public async Task Pulls_at_once_fetch_and_unpack_a_shared_layer_once()
    {
        var shared = Tar("shared", new string('s', 100_000));
        for (var i = 0; i < 6; i++)
            Puller.Add(registry, $"t{i}", shared, Tar($"own{i}", "x"));
        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => puller.Pull($"{registry.Host}/x:t{i}")));
        Assert.Equal(1, registry.Count("GET", Blob(shared)));
        Assert.Equal((6, 19, 7, 0), puller.Count());
    }

    [Fact]
    public async Task A_pull_that_waited_for_one_that_failed_does_it_itself()
    {
        var shared = Tar("shared", "s");
        Puller.Add(registry, "a", shared, Tar("bad", "1"));
        Puller.Add(registry, "b", shared, Tar("good", "2"));
        var begun = new TaskCompletionSource();
        var go = new ManualResetEventSlim();
        registry.Misbehave = request =>
        {
            if (request.Path != Blob(Tar("bad", "1")))
                return null;
            begun.TrySetResult();
            go.Wait();
            return new FakeRegistry.Answer(403, []);
        };
        var failing = puller.Pull($"{registry.Host}/x:a");
        await begun.Task;
        var waiting = puller.Pull($"{registry.Host}/x:b");
        go.Set();
        await Assert.ThrowsAsync<NaruException>(() => failing);
        await waiting;
        Assert.Equal("2", puller.Read("good"));
        Assert.Equal(2, puller.Count().Snapshots);
    }

    [Fact]
    public async Task The_same_layer_twice_in_an_image_is_fetched_once()
    {
        var same = Tar("same", "s");
        Puller.Add(registry, "a", same, Tar("other", "o"), same);
        await puller.Pull($"{registry.Host}/x:a");
        Assert.Equal(1, registry.Count("GET", Blob(same)));
        Assert.Equal(3, puller.Count().Snapshots);
    }

    [Fact]
    public async Task A_cut_connection_is_taken_up_where_it_broke()
    {
        var layer = Tar("big", Noise(300_000));
        Puller.Add(registry, "a", layer);
        registry.Answers[Blob(layer)] = registry.Answers[Blob(layer)] with { CutAfter = 100_000 };
        await puller.Pull($"{registry.Host}/x:a");
        var asked = registry.Requests.Where(r => r.Path == Blob(layer)).Select(r => r.Headers.GetValueOrDefault("Range")).ToList();
        Assert.Null(asked[0]);
        Assert.Equal("bytes=100000-", asked[1]);
        Assert.Equal(300_000, puller.Read("big").Length);
    }

    [Fact]
    public async Task A_server_without_ranges_sends_it_all_again()
    {
        var layer = Tar("big", Noise(300_000));
        Puller.Add(registry, "a", layer);
        var cuts = 0;
        registry.Misbehave = r => r.Path == Blob(layer) ? registry.Answers[r.Path] with { Ranges = false, CutAfter = cuts++ == 0 ? 100_000 : int.MaxValue } : null;
        await puller.Pull($"{registry.Host}/x:a");
        Assert.Equal(2, registry.Count("GET", Blob(layer)));
    }

    [Fact]
    public async Task A_failed_pull_is_continued_by_the_next_one()
    {
        var layer = Tar("big", Noise(300_000));
        Puller.Add(registry, "a", layer);
        var open = true;
        registry.Misbehave = r => r.Path != Blob(layer) ? null : open ? Once(() => open = false, registry.Answers[r.Path] with { CutAfter = 100_000 }) : new FakeRegistry.Answer(500, []);
        await Assert.ThrowsAsync<NaruException>(() => puller.Pull($"{registry.Host}/x:a"));
        registry.Misbehave = _ => null;
        await puller.Pull($"{registry.Host}/x:a");
        Assert.Equal("bytes=100000-", registry.Requests.Last(r => r.Path == Blob(layer)).Headers["Range"]);
        Assert.Equal(300_000, puller.Read("big").Length);
        Assert.Equal(0, puller.Count().Ingests);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    public async Task A_server_that_is_not_well_is_asked_again(int status)
    {
        Puller.Add(registry, "a", Tar("one", "1"));
        var seen = new HashSet<string>();
        registry.Misbehave = request => seen.Add(request.Path) ? new FakeRegistry.Answer(status, []) { Headers = { ["Retry-After"] = "0" } } : null;
        await puller.Pull($"{registry.Host}/x:a");
        Assert.Equal("1", puller.Read("one"));
    }

    [Fact]
    public async Task A_redirect_carries_no_authorization_to_another_host()
    {
        using var elsewhere = new FakeRegistry();
        var layer = Tar("one", "1");
        Puller.Add(registry, "a", layer);
        elsewhere.Answers["/stored"] = registry.Answers[Blob(layer)];
        registry.Answers[Blob(layer)] = new FakeRegistry.Answer(307, []) { Headers = { ["Location"] = $"http://{elsewhere.Host}/stored" } };
        registry.Misbehave = request => request.Authorization is null ? new FakeRegistry.Answer(401, []) { Headers = { ["WWW-Authenticate"] = "Basic realm=\"x\"" } } : null;
        await puller.Pull($"{registry.Host}/x:a", new RegistryOptions { Credentials = (_, _) => new(new RegistryCredentials { Username = "u", Password = "p" }) });
        Assert.Equal(["/stored"], elsewhere.Requests.Select(r => r.Path));
        Assert.All(elsewhere.Requests, r => Assert.Null(r.Authorization));
    }

    [Theory]
    [InlineData("amd64", null, "1")]
    [InlineData("amd64", "v2", "2")]
    [InlineData("amd64", "v3", "2")]
    [InlineData("arm", "v7", "7")]
    [InlineData("arm", "v6", "6")]
    public async Task An_index_gives_the_manifest_that_suits_best(string architecture, string? variant, string expected)
    {
        (string, string?, string)[] offered = [("arm", "v6", "6"), ("amd64", "v2", "2"), ("arm", "v7", "7"), ("amd64", null, "1")];
        var manifests = offered.Select(o =>
        {
            var digest = Puller.Add(registry, $"{o.Item1}{o.Item2}", o.Item1, o.Item2, Tar("which", o.Item3));
            return new Descriptor { MediaType = MediaTypes.OciManifest, Digest = digest, Size = 1, Platform = new Platform { Os = "linux", Architecture = o.Item1, Variant = o.Item2 } };
        }).ToList();
        registry.AddManifest("all", MediaTypes.OciIndex, new ImageIndex { MediaType = MediaTypes.OciIndex, Manifests = manifests }.Write());
        await puller.Pull($"{registry.Host}/x:all", platform: new Platform { Os = "linux", Architecture = architecture, Variant = variant });
        Assert.Equal(expected, puller.Read("which"));
    }

    [Fact]
    public async Task A_parent_that_a_layer_leaves_out_looks_as_it_does_below()
    {
        var below = new MemoryStream();
        using (var writer = new TarWriter(below))
            writer.Add(new TarEntry { Name = "d"u8.ToArray(), Type = TarEntryType.Directory, Mode = 0x1C0, Uid = 7, Gid = 8, Seconds = 1_000_000 });
        Puller.Add(registry, "a", below.ToArray(), Tar("d/file", "x"));
        await puller.Pull($"{registry.Host}/x:a");
        var top = puller.Snapshots.List(puller.Scope, Naru.Containerd.Filter.Parse([])).Single(s => s.Parent.Length > 0);
        using var tree = new Naru.Linux.TreeReader(puller.Snapshots.Layers(puller.Scope, top.Name)[0]);
        var seen = tree.Read("d"u8)!.Metadata;
        Assert.Equal((0x1C0u, 7u, 8u, 1_000_000L), (seen.Mode & 0xFFF, seen.Uid, seen.Gid, seen.Seconds));
    }

    [Fact]
    public async Task A_foreign_layer_comes_from_its_own_address()
    {
        using var elsewhere = new FakeRegistry();
        var layer = Tar("one", "1");
        elsewhere.Answers["/layer"] = new FakeRegistry.Answer(200, Puller.Gzip(layer));
        var config = new ImageConfig { Os = "linux", Architecture = "amd64", RootFs = new RootFs { DiffIds = [Digest.Of(layer)] } }.Write();
        registry.AddBlob(config);
        registry.AddManifest("f", MediaTypes.DockerManifest, new ImageManifest
        {
            MediaType = MediaTypes.DockerManifest,
            Config = Descriptor.Of(MediaTypes.DockerConfig, config),
            Layers = [Descriptor.Of(MediaTypes.DockerForeignLayerGzip, Puller.Gzip(layer)) with { Urls = [$"http://{elsewhere.Host}/layer"] }],
        }.Write());
        await puller.Pull($"{registry.Host}/x:f");
        Assert.Equal("1", puller.Read("one"));
    }

    private static string Blob(byte[] tar) => $"/v2/x/blobs/{Digest.Of(Puller.Gzip(tar))}";

    private static byte[] Tar(string name, string content) => Puller.Tar((name, Encoding.ASCII.GetBytes(content)));

    /// <summary>Text that gzip cannot make much smaller.</summary>
    private static string Noise(int length)
    {
        var random = new Random(5);
        return string.Create(length, random, static (span, random) =>
        {
            foreach (ref var c in span)
                c = (char)random.Next(33, 127);
        });
    }

    private static FakeRegistry.Answer Once(Action then, FakeRegistry.Answer answer)
    {
        then();
        return answer;
    }
}
