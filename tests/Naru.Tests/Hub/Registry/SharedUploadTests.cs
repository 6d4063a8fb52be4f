using Naru.Base;
using Naru.Hub.Accounts;
using Naru.Hub.Metadata;
using Naru.Hub.Registry;
using Naru.Hub.Storage;
using Naru.Oci;
using Naru.Tests.Hub.Metadata;
using Naru.Tests.Hub.Storage;

namespace Naru.Tests.Hub.Registry;

/// <summary>Uploads of two processes that share a database and an object storage.</summary>
public abstract class SharedUploadTests(PostgresServer? postgres) : EitherDatabase(postgres), IAsyncLifetime
{
    private const int Part = 5 << 20;

    private protected readonly string folder = Directory.CreateTempSubdirectory("naru-shared-").FullName;
    private protected StrictS3 server = null!;
    private protected TestHub one = null!;
    private protected TestHub two = null!;
    private protected Repository repository = null!;

    public sealed class OnSqlite() : SharedUploadTests(null)
    {
        [Fact]
        public async Task While_the_storage_is_away_everything_says_so_and_then_goes_on()
        {
            var content = Content(1, 1, 10, 1000);
            var id = await one.Uploads.Begin(repository, Caller.Operator, default);
            await one.Uploads.Append(repository, id, new MemoryStream(content, 0, 500), null, null, default);
            var pushed = await one.PushBlob(repository, "there before");
            await one.Age(TimeSpan.FromDays(2));
            await using var relay = new Relay(server.Endpoint.Port) { Cut = true };
            await using (var away = new TestHub(await Open(folder), new S3Storage(server.Options() with { Endpoint = relay.Address })))
            {
                var blob = await away.Blobs.Require(repository, pushed.Digest, pushing: false, default);
                foreach (var work in (Func<Task>[])[
                    async () => await away.Uploads.Begin(repository, Caller.Operator, default),
                    async () => await away.Uploads.Append(repository, id, new MemoryStream(content, 500, 500), 500, 500, default),
                    async () => await away.Blobs.Read(blob, 0, 10, default),
                    async () => await away.Collector.Collect(new(), default),
                    async () => await away.Storage.Check(default)])
                    Assert.Equal(ErrorKind.Unavailable, (await Assert.ThrowsAsync<NaruException>(work)).Kind);
                relay.Cut = false;
                await away.Collector.Collect(new() { Grace = TimeSpan.Zero }, default);
            }

            // The collector took the blob and the upload, which nobody named or touched for long, and what it could not delete at first.
            Assert.Empty(server.Content.List("", "", 10));
            Assert.Equal("404 BLOB_UPLOAD_UNKNOWN", await Told(async () => await two.Uploads.Length(repository, id, default)));
            Assert.Equal(0, await one.Count("blob"));
        }
    }

    [Collection(PostgresCollection.Name)]
    [Needs("postgres")]
    public sealed class OnPostgres(PostgresServer server) : SharedUploadTests(server);

    public async Task InitializeAsync()
    {
        server = await StrictS3.Start();
        one = new TestHub(await Open(folder), new S3Storage(server.Options()));
        two = new TestHub(await Open(folder), new S3Storage(server.Options()));
        repository = await one.Repository("team/app");
    }

    public async Task DisposeAsync()
    {
        await one.DisposeAsync();
        await two.DisposeAsync();
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [ContractTheory]
    [InlineData(1000, 2000)]
    [InlineData(1000, Part + 1000)]
    [InlineData(Part + 1000, (2 * Part) + 1000)]
    public async Task Of_two_that_go_on_with_an_upload_at_once_one_wins_and_bytes_are_never_mixed(int begun, int size)
    {
        for (var round = 0; round < 3; round++)
        {
            var id = await one.Uploads.Begin(repository, Caller.Operator, default);
            var contents = new List<byte[]> { Content(round, 1, begun, size), Content(round, 2, begun, size) };
            Assert.Equal(begun, await one.Uploads.Append(repository, id, new MemoryStream(contents[0], 0, begun), 0, begun, default));
            var answers = await Task.WhenAll(Enumerable.Range(0, 2).Select(i => Task.Run(() => Told(async () =>
                await (i == 0 ? one : two).Uploads.Append(repository, id, new MemoryStream(contents[i], begun, size - begun), begun, size - begun, default)))));
            Assert.Equal(["416 BLOB_UPLOAD_INVALID", "ok"], answers.Order(StringComparer.Ordinal));

            // Both say that theirs is whole now; whoever comes first is not the one who is right.
            var ends = await Task.WhenAll(Enumerable.Range(0, 2).Select(i => Task.Run(() => Told(async () =>
                await (i == 0 ? two : one).Uploads.Finish(repository, id, Stream.Null, null, Digest.Of(contents[i]), default)))));
            await Check(contents, answers, ends);
        }
    }

    [ContractFact]
    public async Task Of_two_that_end_an_upload_at_once_one_is_told_that_it_did()
    {
        for (var round = 0; round < 5; round++)
        {
            var content = Content(round, 1, 10, 1000);
            var id = await one.Uploads.Begin(repository, Caller.Operator, default);
            await one.Uploads.Append(repository, id, new MemoryStream(content), null, null, default);
            var ends = await Task.WhenAll(Enumerable.Range(0, 2).Select(i => Task.Run(() => Told(async () =>
                await (i == 0 ? two : one).Uploads.Finish(repository, id, Stream.Null, null, Digest.Of(content), default)))));
            Assert.Equal(["404 BLOB_UPLOAD_UNKNOWN", "ok"], ends.Order(StringComparer.Ordinal));
            Assert.Equal(content, await Read(Digest.Of(content)));
        }

        Assert.Empty(await one.Problems());
    }

    [ContractFact]
    public async Task What_a_process_claimed_that_ended_is_free_again_after_a_while()
    {
        var content = Content(1, 1, 10, 1000);
        var id = await one.Uploads.Begin(repository, Caller.Operator, default);
        await one.Uploads.Append(repository, id, new MemoryStream(content), null, null, default);
        await one.Database.Write(session => session.Execute("UPDATE upload SET claimed = $1", DateTime.UtcNow.AddMilliseconds(300).Ticks), default);
        await two.Uploads.Finish(repository, id, Stream.Null, null, Digest.Of(content), default);
        Assert.Equal(content, await Read(Digest.Of(content)));
    }

    [ContractFact]
    public async Task An_upload_whose_parts_were_lost_is_over_and_can_be_begun_again()
    {
        var content = Content(1, 1, 10, Part + 1000);
        foreach (var hub in (TestHub[])[one, two])
        {
            var id = await one.Uploads.Begin(repository, Caller.Operator, default);
            await one.Uploads.Append(repository, id, new MemoryStream(content), null, null, default);
            server.Content.LosePart(1);
            Assert.Equal("400 BLOB_UPLOAD_INVALID", await Told(async () => await hub.Uploads.Finish(repository, id, Stream.Null, null, Digest.Of(content), default)));
            Assert.Equal("404 BLOB_UPLOAD_UNKNOWN", await Told(async () => await one.Uploads.Length(repository, id, default)));
            Assert.Empty(server.Content.Unended);
        }

        await one.Uploads.Finish(repository, await one.Uploads.Begin(repository, Caller.Operator, default), new MemoryStream(content), null, Digest.Of(content), default);
        Assert.Equal(content, await Read(Digest.Of(content)));
    }

    [ContractTheory]
    [InlineData("Put", 1000)]
    [InlineData("End", Part + 1000)]
    public async Task A_completion_that_was_not_heard_of_is_found_to_have_succeeded(string operation, int size)
    {
        var content = Content(1, 1, 10, size);
        var id = await one.Uploads.Begin(repository, Caller.Operator, default);
        await one.Uploads.Append(repository, id, new MemoryStream(content), null, null, default);
        server.Fail(operation, S3Fault.DropAnswer);
        await one.Uploads.Finish(repository, id, Stream.Null, null, Digest.Of(content), default);
        Assert.Equal(content, await Read(Digest.Of(content)));
        Assert.Empty(await one.Problems());
    }

    private protected static byte[] Content(int round, int seed, int same, int size)
    {
        var content = new byte[size];
        new Random(round).NextBytes(content.AsSpan(0, same));
        new Random((round * 10) + seed).NextBytes(content.AsSpan(same));
        return content;
    }

    /// <summary><c>ok</c>, or status and code.</summary>
    private protected static async Task<string> Told(Func<Task> work)
    {
        try
        {
            await work();
            return "ok";
        }
        catch (RegistryException e)
        {
            return $"{e.Status} {e.Word}";
        }
    }

    /// <param name="answers">Whose bytes were taken.</param>
    /// <param name="ends">Who was told that theirs is a blob now.</param>
    private async Task Check(List<byte[]> contents, string[] answers, string[] ends)
    {
        for (var i = 0; i < 2; i++)
        {
            var found = await one.Blobs.Find(repository, Digest.Of(contents[i]), pushing: false, default);
            Assert.Equal(ends[i] == "ok", found is not null);
            if (found is null)
                continue;
            Assert.Equal("ok", answers[i]);
            Assert.Equal(contents[i], await Read(found.Digest));
        }
    }

    private async Task<byte[]> Read(Digest digest)
    {
        var blob = await two.Blobs.Require(repository, digest, pushing: false, default);
        await using var stream = await two.Blobs.Read(blob, 0, blob.Size, default);
        using var memory = new MemoryStream();
        await stream.CopyToAsync(memory);
        return memory.ToArray();
    }
}
