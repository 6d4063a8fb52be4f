using System.Text;
using Naru.Hub.Accounts;
using Naru.Hub.Accounts.Limits;
using Naru.Hub.Metadata;
using Naru.Hub.Registry;
using Naru.Hub.Storage;
using Naru.Oci;
using Naru.Tests.Hub.Metadata;

namespace Naru.Tests.Hub.Accounts;

/// <summary>How much an account may hold and have under way.</summary>
public abstract class QuotaTests(PostgresServer? server) : EitherDatabase(server), IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("naru-quota-").FullName;

    public sealed class OnSqlite() : QuotaTests(null);

    [Collection(PostgresCollection.Name)]
    [Needs("postgres")]
    public sealed class OnPostgres(PostgresServer server) : QuotaTests(server);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [ContractFact]
    public async Task Many_pushes_and_mounts_at_once_never_pass_the_quota()
    {
        await using var stage = await Stage();
        var alice = await stage.As("alice");
        var mine = await stage.Repository("alice", "alice/app", hidden: false);
        var theirs = await stage.Repository("bob", "bob/app", hidden: false);
        await stage.Rooms.Directory.SetQuota(Caller.Operator, "alice", 1000, default);
        await using var storage = new FolderStorage(folder);
        await using var one = new Uploads(stage.Database, storage, stage.Rooms.Quotas);
        await using var other = new Uploads(stage.Database, storage, stage.OtherProcess().Quotas);
        var blobs = new Blobs(stage.Database, storage, stage.Rooms.Quotas);
        var shared = new List<Digest>();
        for (var i = 0; i < 12; i++)
            shared.Add((await Push(one, theirs, await stage.As("bob"), Content($"theirs {i}", 100)))!.Digest);

        // 40 blobs of 100 bytes, each pushed twice at once, and 12 mounts: ten of them all find room.
        var work = new List<Task<int>>();
        for (var i = 0; i < 40; i++)
        {
            var content = Content($"mine {i}", 100);
            foreach (var uploads in (Uploads[])[one, other])
                work.Add(Task.Run(async () => await Push(uploads, mine, alice, content) is null ? 0 : 1));
            if (i < shared.Count)
            {
                var digest = shared[i];
                work.Add(Task.Run(async () => await Mount(blobs, mine, theirs, digest) ? 1 : 0));
            }
        }

        await Task.WhenAll(work);
        Assert.Equal(new QuotaState(1000, 1000), await stage.Rooms.Quotas.State(mine.Account!.Value, default));

        // Who was refused left nothing: neither a row nor an object.
        Assert.Equal(0, await stage.Database.Read(session => session.Number("SELECT COUNT(*) FROM upload"), default));
        var objects = 0;
        await foreach (var found in storage.List(default))
            objects += found.Complete ? 1 : 100;
        Assert.Equal(await stage.Database.Read(session => session.Number("SELECT COUNT(*) FROM blob"), default), objects);
    }

    [ContractFact]
    public async Task A_refusal_names_quota_and_usage()
    {
        await using var stage = await Stage(new AccountOptions { Quota = 100 });
        var (alice, mine) = (await stage.As("alice"), await stage.Repository("alice", "alice/one", hidden: false));
        await using var storage = new FolderStorage(folder);
        await using var uploads = new Uploads(stage.Database, storage, stage.Rooms.Quotas);
        Assert.NotNull(await Push(uploads, mine, alice, Content("a", 60)));
        var id = await uploads.Begin(mine, alice, default);
        var content = Content("b", 41);
        var refused = await AccountStage.Refused(() => uploads.Finish(mine, id, new MemoryStream(content), null, Digest.Of(content), default).AsTask());
        Assert.Equal("DENIED 403 quota exceeded: the account holds 60B of 100B, the blob has 41B", $"{refused.Word} {refused.Status} {refused.Message}");
        Assert.Equal("BLOB_UPLOAD_UNKNOWN", (await AccountStage.Refused(() => uploads.Length(mine, id, default).AsTask())).Word);
        Assert.NotNull(await Push(uploads, mine, alice, Content("b", 40)));
        var full = await AccountStage.Refused(() => uploads.Begin(mine, alice, default).AsTask());
        Assert.Equal("DENIED quota exceeded: the account holds 100B of 100B", $"{full.Word} {full.Message}");
        await stage.Rooms.Directory.SetQuota(Caller.Operator, "alice", 200, default);
        Assert.NotNull(await Push(uploads, mine, alice, Content("c", 100)));
    }

    [ContractFact]
    public async Task A_blob_of_several_repositories_of_an_account_counts_once()
    {
        await using var stage = await Stage();
        var alice = await stage.As("alice");
        var one = await stage.Repository("alice", "alice/one", hidden: false);
        var two = await stage.Repository("alice", "alice/two", hidden: false);
        var other = await stage.Repository("bob", "bob/one", hidden: false);
        await stage.Rooms.Directory.SetQuota(Caller.Operator, "alice", 1000, default);
        await using var storage = new FolderStorage(folder);
        await using var uploads = new Uploads(stage.Database, storage, stage.Rooms.Quotas);
        var blobs = new Blobs(stage.Database, storage, stage.Rooms.Quotas);
        var first = await Push(uploads, one, alice, Content("first", 600));
        Assert.NotNull(await Push(uploads, two, alice, Content("first", 600)));
        Assert.True(await blobs.Mount(two, one, first!.Digest, default));
        Assert.Equal(new QuotaState(600, 1000), await stage.Rooms.Quotas.State(one.Account!.Value, default));
        var big = await Push(uploads, other, await stage.As("bob"), Content("big", 401));
        Assert.Equal("DENIED", (await AccountStage.Refused(() => blobs.Mount(two, other, big!.Digest, default).AsTask())).Word);
        Assert.False(await blobs.Mount(two, other, Digest.Of("none"u8), default));
        await blobs.Delete(one, alice, first.Digest, default);
        await blobs.Delete(two, alice, first.Digest, default);
        Assert.True(await blobs.Mount(two, other, big!.Digest, default));
        Assert.Equal(new QuotaState(401, 1000), await stage.Rooms.Quotas.State(one.Account!.Value, default));
    }

    [ContractFact]
    public async Task No_more_uploads_are_open_than_one_account_may_have()
    {
        await using var stage = await Stage(new AccountOptions { OpenUploads = 5 });
        var repository = await stage.Repository("alice", "alice/app", hidden: false);
        var alice = await stage.As("alice");
        await using var storage = new FolderStorage(folder);
        await using var uploads = new Uploads(stage.Database, storage, stage.Rooms.Quotas);
        foreach (var caller in (Caller[])[alice, Caller.Anonymous("")])
        {
            var begun = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(async () =>
            {
                try
                {
                    return await uploads.Begin(repository, caller, default);
                }
                catch (RegistryException e) when (e.Status == 429 && e.RetryAfter > TimeSpan.Zero)
                {
                    return null;
                }
            })));
            Assert.Equal(5, begun.Count(id => id is not null));
            await uploads.Cancel(repository, begun.First(id => id is not null)!, default);
            await uploads.Begin(repository, caller, default);
        }

        await uploads.Begin(repository, await stage.As("bob"), default);
    }

    private static byte[] Content(string what, int size) => Encoding.UTF8.GetBytes(what.PadRight(size));

    /// <summary>Null where the quota does not hold it.</summary>
    private static async Task<Blob?> Push(Uploads uploads, Repository repository, Caller caller, byte[] content)
    {
        try
        {
            var id = await uploads.Begin(repository, caller, default);
            return await uploads.Finish(repository, id, new MemoryStream(content), null, Digest.Of(content), default);
        }
        catch (RegistryException e) when (e.Word == "DENIED")
        {
            return null;
        }
    }

    private static async Task<bool> Mount(Blobs blobs, Repository repository, Repository from, Digest digest)
    {
        try
        {
            return await blobs.Mount(repository, from, digest, default);
        }
        catch (RegistryException e) when (e.Word == "DENIED")
        {
            return false;
        }
    }
}
