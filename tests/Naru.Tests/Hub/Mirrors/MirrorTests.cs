using System.Security.Cryptography;
using Naru.Base;
using Naru.Hub.Mirrors;
using Naru.Hub.Registry;
using Naru.Oci;

namespace Naru.Tests.Hub.Mirrors;

public sealed class MirrorTests : IAsyncLifetime
{
    private readonly MirrorStage lasting = new(TimeSpan.FromHours(1));
    private readonly MirrorStage asking = new(TimeSpan.Zero);
    private readonly byte[] layer = RandomNumberGenerator.GetBytes(300_000);

    private Digest LayerDigest => Digest.Of(layer);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await lasting.DisposeAsync();
        await asking.DisposeAsync();
    }

    [Fact]
    public async Task A_manifest_that_is_here_is_not_asked_for_again()
    {
        var digest = lasting.Upstream.AddImage("library/app", "latest", layer);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(digest, (await lasting.Manifest("latest")).Manifest.Digest);
            Assert.Equal(digest, (await lasting.Manifest(digest.ToString())).Manifest.Digest);
        }

        Assert.Equal(1, lasting.Upstream.Asked("GET /v2/library/app/manifests/latest"));
        Assert.Equal(0, lasting.Upstream.Asked($"GET /v2/library/app/manifests/{digest}"));
    }

    [Fact]
    public async Task A_tag_that_moved_is_followed_by_a_HEAD()
    {
        asking.Upstream.AddImage("library/app", "latest", layer);
        await asking.Manifest("latest");
        await asking.Manifest("latest");
        var moved = asking.Upstream.AddImage("library/app", "latest", [1, 2, 3]);
        var found = await asking.Manifest("latest");
        Assert.Equal(moved, found.Manifest.Digest);
        Assert.False(found.Stale);
        Assert.Equal(1, asking.Upstream.Asked("GET /v2/library/app/manifests/latest"));
        Assert.Equal(2, asking.Upstream.Asked("HEAD /v2/library/app/manifests/latest"));
    }

    [Fact]
    public async Task A_tag_that_was_deleted_upstream_is_gone()
    {
        asking.Upstream.AddImage("library/app", "latest", layer);
        await asking.Manifest("latest");
        asking.Upstream.Remove("/v2/library/app/manifests/latest");
        var error = await Assert.ThrowsAsync<RegistryException>(async () => await asking.Manifest("latest"));
        Assert.Equal(RegistryErrorCode.ManifestUnknown, error.Code);
        Assert.Equal(0, await asking.Number("SELECT COUNT(*) FROM tag"));
    }

    [Fact]
    public async Task What_is_here_is_served_when_the_upstream_is_gone()
    {
        var digest = asking.Upstream.AddImage("library/app", "latest", layer);
        await asking.Manifest("latest");
        Assert.Equal(layer, await asking.Blob(LayerDigest));
        await asking.Stored(LayerDigest);
        asking.Upstream.Dispose();
        var found = await asking.Manifest("latest");
        Assert.Equal(digest, found.Manifest.Digest);
        Assert.True(found.Stale);
        Assert.Equal(layer, await asking.Blob(LayerDigest));
        Assert.Equal(["latest"], await asking.Service.Manifests.Tags(asking.Name, "", 10, default));
    }

    [Fact]
    public async Task What_is_not_here_is_unavailable_when_the_upstream_is_gone()
    {
        asking.Upstream.Dispose();
        Assert.Equal(503, (await Assert.ThrowsAsync<RegistryException>(async () => await asking.Manifest("latest"))).Status);
        Assert.Equal(503, (await Assert.ThrowsAsync<RegistryException>(async () => await asking.Blob(LayerDigest))).Status);
        Assert.Equal(0, await asking.Number("SELECT COUNT(*) FROM repository"));
    }

    [Fact]
    public async Task What_is_here_is_served_when_the_upstream_limits()
    {
        asking.Upstream.AddImage("library/app", "latest", layer);
        await asking.Manifest("latest");
        asking.Upstream.Refusal = 429;
        Assert.True((await asking.Manifest("latest")).Stale);
        var before = asking.Upstream.Asked("HEAD /v2/library/app/manifests/latest");
        Assert.True((await asking.Manifest("latest")).Stale);
        Assert.Equal(before, asking.Upstream.Asked("HEAD /v2/library/app/manifests/latest"));
    }

    [Fact]
    public async Task Lists_are_not_asked_of_an_upstream_that_just_failed()
    {
        var digest = asking.Upstream.AddImage("library/app", "latest", layer);
        await asking.Manifest("latest");
        asking.Upstream.Refusal = 503;
        Assert.Equal(["latest"], await asking.Service.Manifests.Tags(asking.Name, "", 10, default));
        var before = asking.Upstream.AskedAtAll;
        Assert.Equal(["latest"], await asking.Service.Manifests.Tags(asking.Name, "", 10, default));
        Assert.Empty(await asking.Service.Manifests.Referrers(asking.Name, digest, null, "", 10, default));
        Assert.Equal(before, asking.Upstream.AskedAtAll);
    }

    [Fact]
    public async Task Twenty_clients_at_once_make_one_request_of_a_blob()
    {
        var middle = new TaskCompletionSource();
        lasting.Upstream.Middle = middle.Task;
        lasting.Upstream.AddImage("library/app", "latest", layer);
        await lasting.Manifest("latest");
        List<Task<byte[]>> clients = [];
        for (var i = 0; i < 20; i++)
            clients.Add(Task.Run(() => lasting.Blob(LayerDigest)));
        middle.SetResult();
        foreach (var client in clients)
            Assert.Equal(layer, await client);
        Assert.Equal(1, lasting.Upstream.Asked($"GET /v2/library/app/blobs/{LayerDigest}"));
        Assert.Equal(0, lasting.Upstream.Asked($"HEAD /v2/library/app/blobs/{LayerDigest}"));
    }

    [Fact]
    public async Task A_part_of_a_blob_can_be_had_before_all_of_it_is_here()
    {
        var middle = new TaskCompletionSource();
        lasting.Upstream.Middle = middle.Task;
        lasting.Upstream.AddImage("library/app", "latest", layer);
        await lasting.Manifest("latest");
        using var blob = await lasting.Service.Blobs.Open(lasting.Name, LayerDigest, default);
        await using var content = blob.Read(1000, 500);
        var part = new byte[500];
        await content.ReadExactlyAsync(part);
        Assert.Equal(layer[1000..1500], part);
        middle.SetResult();
    }

    [Fact]
    public async Task Wrong_bytes_are_never_whole_and_not_kept()
    {
        lasting.Upstream.AddImage("library/app", "latest", layer);
        lasting.Upstream.Damage("library/app", LayerDigest);
        await lasting.Manifest("latest");
        using var blob = await lasting.Service.Blobs.Open(lasting.Name, LayerDigest, default);
        await using var content = blob.Read(0, blob.Size);
        using var all = new MemoryStream();
        await Assert.ThrowsAsync<NaruException>(() => content.CopyToAsync(all));
        Assert.True(all.Length < layer.Length);
        Assert.Equal(0, await lasting.Number("SELECT COUNT(*) FROM blob"));
        Assert.Equal(0, await lasting.Number("SELECT COUNT(*) FROM upload"));
    }

    [Fact]
    public async Task A_download_that_was_cut_goes_on_where_it_broke()
    {
        lasting.Upstream.Cuts = 1;
        lasting.Upstream.AddImage("library/app", "latest", layer);
        await lasting.Manifest("latest");
        Assert.Equal(layer, await lasting.Blob(LayerDigest));
        Assert.Equal(2, lasting.Upstream.Asked($"GET /v2/library/app/blobs/{LayerDigest}"));
    }

    [Fact]
    public async Task A_client_that_goes_away_does_not_stop_the_download()
    {
        var middle = new TaskCompletionSource();
        lasting.Upstream.Middle = middle.Task;
        lasting.Upstream.AddImage("library/app", "latest", layer);
        await lasting.Manifest("latest");
        (await lasting.Service.Blobs.Open(lasting.Name, LayerDigest, default)).Dispose();
        middle.SetResult();
        await lasting.Stored(LayerDigest);
        Assert.Equal(layer, await lasting.Blob(LayerDigest));
        Assert.Equal(1, lasting.Upstream.Asked($"GET /v2/library/app/blobs/{LayerDigest}"));
    }

    [Fact]
    public async Task A_blob_of_another_repository_is_given_only_when_the_upstream_has_it_in_this_one()
    {
        lasting.Upstream.AddImage("library/app", "latest", layer);
        await lasting.Manifest("latest");
        await lasting.Blob(LayerDigest);
        await lasting.Stored(LayerDigest);
        var other = lasting.Service.Mirrors.Parse("docker.io/library/other")!;
        var error = await Assert.ThrowsAsync<RegistryException>(async () => await lasting.Blob(LayerDigest, other));
        Assert.Equal(RegistryErrorCode.BlobUnknown, error.Code);
        lasting.Upstream.AddBlob("library/other", layer);
        Assert.Equal(layer, await lasting.Blob(LayerDigest, other));
        Assert.Equal(1, await lasting.Number("SELECT COUNT(*) FROM blob"));
    }

    [Fact]
    public async Task The_longest_unused_blobs_go_first()
    {
        byte[] second = [4, 5, 6];
        lasting.Upstream.AddImage("library/app", "latest", layer);
        lasting.Upstream.AddImage("library/app", "second", second);
        foreach (var (tag, content) in (KeyValuePair<string, byte[]>[])[new("latest", layer), new("second", second)])
        {
            await lasting.Manifest(tag);
            await lasting.Blob(Digest.Of(content));
            await lasting.Stored(Digest.Of(content));
        }

        await using var keeper = new MirrorKeeper(lasting.Database, new MirrorLimits(TimeSpan.Zero, null, 1000));
        Assert.Equal(1, await keeper.Sweep(DateTime.UtcNow, default));
        Assert.Equal(0, await lasting.Number($"SELECT COUNT(*) FROM held WHERE digest = '{LayerDigest}'"));
        Assert.Equal(1, await lasting.Number($"SELECT COUNT(*) FROM held WHERE digest = '{Digest.Of(second)}'"));

        // And is fetched again when somebody wants it.
        Assert.Equal(layer, await lasting.Blob(LayerDigest));
    }

    [Fact]
    public async Task What_nobody_pulls_any_more_is_let_go_with_its_repository()
    {
        lasting.Upstream.AddImage("library/app", "latest", layer);
        await lasting.Manifest("latest");
        await lasting.Blob(LayerDigest);
        await lasting.Stored(LayerDigest);
        await using var keeper = new MirrorKeeper(lasting.Database, new MirrorLimits(TimeSpan.Zero, TimeSpan.FromDays(7), null));
        Assert.Equal(0, await keeper.Sweep(DateTime.UtcNow, default));
        Assert.Equal(2, await keeper.Sweep(DateTime.UtcNow.AddDays(8), default));
        Assert.Equal(0, await lasting.Number("SELECT COUNT(*) FROM repository"));
        Assert.Equal(layer, (await lasting.Manifest("latest")) is var again ? await lasting.Blob(LayerDigest) : []);
    }
}
