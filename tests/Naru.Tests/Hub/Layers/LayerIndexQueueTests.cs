using System.IO.Compression;
using Naru.Base;
using Naru.Hub.Layers;
using Naru.Images;
using Naru.Tests.Hub.Metadata;

namespace Naru.Tests.Hub.Layers;

public abstract class LayerIndexQueueTests(PostgresServer? server) : EitherDatabase(server)
{
    private static readonly byte[] Good = Layers.Gzip(Layers.Tar(Layers.File("a", "x")));

    public sealed class OnSqlite() : LayerIndexQueueTests(null);

    [Collection(PostgresCollection.Name)]
    [Needs("postgres")]
    public sealed class OnPostgres(PostgresServer server) : LayerIndexQueueTests(server);

    private static readonly Dictionary<string, string> BadLayers = new()
    {
        ["config"] = "no layer",
        ["torn gzip"] = "unexpected end of data",
        ["torn zstd"] = "unexpected end of data",
        ["torn tar"] = "unexpected EOF",
        ["damaged gzip"] = "gzip: ",
        ["escape"] = "invalid entry name",
        ["gzip of nothing useful"] = "invalid tar header",
        ["xz"] = "xz compression is not supported",
        ["bomb"] = "times larger",
        ["too large"] = "bytes uncompressed",
        ["too many"] = "more than 50 entries",
        ["too long"] = "a path of 5000 bytes",
        ["too much"] = "too many files, or too long names",
    };

    [ContractFact]
    public async Task What_is_wrong_with_a_layer_is_kept_as_its_failure()
    {
        await using var stage = await Layered(LayerIndexLimits.Default with { Bytes = 8 << 20, RatioFrom = 1 << 20, Entries = 50, Memory = 8 << 20 });
        var digests = await stage.PushAndIndex([.. BadLayers.Keys.Select(Bad), Good]);
        Assert.True((await stage.Settled(digests[^1])).Ready);
        foreach (var (digest, (what, failure)) in digests.Zip(BadLayers))
        {
            var state = await stage.Settled(digest);
            Assert.False(state.Ready, what);
            Assert.Contains(failure, state.Failure);
            var told = await Assert.ThrowsAsync<NaruException>(() => stage.Names(digest, ""));
            Assert.Equal(ErrorKind.FailedPrecondition, told.Kind);
            Assert.Contains(failure, told.Message);
        }
    }

    [ContractFact]
    public async Task A_layer_that_is_pushed_while_it_runs_is_indexed_too()
    {
        await using var stage = await Layered();
        await stage.PushAndIndex(Good);
        var later = await stage.Push(Layers.Tar(Layers.File("later", "")));
        Assert.Equal(ErrorKind.Unavailable, (await Assert.ThrowsAsync<NaruException>(() => stage.Names(later, ""))).Kind);
        stage.Queue.Enqueue(later);
        Assert.True((await stage.Settled(later)).Ready);
    }

    [ContractFact]
    public async Task A_layer_that_somebody_asks_for_is_indexed_though_nobody_told_of_it()
    {
        await using var stage = await Layered();
        await stage.PushAndIndex(Good);
        var later = await stage.Push(Layers.Tar(Layers.File("later", "")));
        await Assert.ThrowsAsync<NaruException>(() => stage.Names(later, ""));
        Assert.True((await stage.Settled(later)).Ready);
    }

    [ContractFact]
    public async Task A_storage_that_fails_for_a_while_only_delays()
    {
        await using var stage = await Layered(lease: TimeSpan.FromMilliseconds(50));
        stage.Storage.Failures = 2;
        var layer = (await stage.PushAndIndex(Good))[0];
        Assert.True((await stage.Settled(layer)).Ready);
        Assert.Equal(0, stage.Storage.Failures);
    }

    [ContractFact]
    public async Task A_claim_keeps_others_away_until_it_runs_out()
    {
        await using var stage = await Layered(lease: TimeSpan.FromMilliseconds(200));
        var layer = await stage.Push(Good);
        var claim = (await stage.Indexes.Claim(layer, default))!;
        Assert.Null(await stage.Indexes.Claim(layer, default));
        Assert.True(await stage.Indexes.Renew(claim, default));
        // What a killed process leaves is found and taken by the next.
        stage.Queue.Start();
        Assert.True((await stage.Settled(layer)).Ready);
        Assert.False(await stage.Indexes.Renew(claim, default));
        Assert.False(await stage.Indexes.Complete(claim, "nothing", default));
    }

    [ContractFact]
    public async Task A_damaged_index_or_one_of_another_version_is_made_again()
    {
        await using var stage = await Layered();
        var layer = (await stage.PushAndIndex(Good))[0];
        for (var what = 0; what < 2; what++)
        {
            var index = await stage.Database.Read(session => session.First("SELECT object FROM layer_index WHERE digest = $1", row => row.Text(0), layer), default);
            var path = Path.Combine(stage.Root, "storage", "blobs", index![..2], index);
            var bytes = await File.ReadAllBytesAsync(path);
            bytes[what == 0 ? 8 : ^1] ^= 0x55;
            await File.WriteAllBytesAsync(path, bytes);
            // As after a start: nothing is open yet. Whoever asks makes the queue make it again.
            var files = new LayerFiles(new LayerIndexes(stage.Database, stage.Storage) { Wanted = stage.Queue.Enqueue }, stage.Database, stage.Storage);
            var told = await Assert.ThrowsAsync<NaruException>(async () => await files.List(layer, "", null, 10, default));
            Assert.Equal(ErrorKind.Unavailable, told.Kind);
            Assert.True((await stage.Settled(layer)).Ready);
            Assert.Equal(["a"], await stage.Names(layer, ""));
            Assert.False(File.Exists(path));
        }
    }

    [ContractFact]
    public async Task Each_blob_is_looked_at_once()
    {
        await using var stage = await Layered();
        var digests = await stage.PushAndIndex(Good, "{}"u8.ToArray());
        Assert.Empty(await stage.Indexes.Missing("", 10, default));
        stage.Storage.Reads = 0;
        foreach (var digest in digests)
            stage.Queue.Enqueue(digest);
        var later = await stage.Push(Layers.Tar(Layers.File("later", "")));
        stage.Queue.Enqueue(later);
        await stage.Settled(later);
        Assert.Equal(1, stage.Storage.Reads);
    }

    [ContractFact]
    public async Task An_index_goes_with_its_blob()
    {
        await using var stage = await Layered();
        var layer = (await stage.PushAndIndex(Good))[0];
        await stage.Database.Write(async session =>
        {
            await session.Execute("DELETE FROM held");
            return await session.Execute("DELETE FROM blob");
        }, default);
        Assert.False((await stage.Indexes.State(layer, default)).Ready);
    }

    private static byte[] Bad(string what)
    {
        var text = Layers.Tar(Layers.File("a", Layers.Text(200_000, 1)));
        var damaged = Layers.Gzip(text);
        damaged.AsSpan(damaged.Length / 2, 64).Fill(0xAA);
        return what switch
        {
            "config" => "{\"architecture\":\"amd64\"}"u8.ToArray(),
            "torn gzip" => Layers.Gzip(text)[..^2000],
            "torn zstd" => Layers.Zstd(text)[..^2000],
            "torn tar" => text[..100_000],
            "damaged gzip" => damaged,
            "escape" => Layers.Tar(Layers.File("a/../../b", "x")),
            "gzip of nothing useful" => Layers.Gzip(Layers.Text(10_000, 2)),
            "xz" => [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0, .. new byte[600]],
            "bomb" => Layers.Gzip(Layers.Tar(Layers.File("a", new byte[7 << 20])), CompressionLevel.Optimal),
            "too large" => Layers.Tar(Layers.File("a", Layers.Text(9 << 20, 3))),
            "too many" => Layers.Tar([.. from i in Enumerable.Range(0, 60) select Layers.File($"{i}", "")]),
            "too long" => Layers.Tar(Layers.File(new string('x', 5000), "")),
            _ => Layers.Tar([.. from i in Enumerable.Range(0, 45) select Layers.File(string.Concat(Enumerable.Repeat($"{i}/", 1300)), "")]),
        };
    }

    private async Task<LayerStage> Layered(LayerIndexLimits? limits = null, TimeSpan? lease = null) => new(limits, lease, IsSqlite ? null : await Open(""));
}
