using System.Net;
using System.Net.Http.Headers;
using Naru.Base;
using Naru.Hub.Storage;

namespace Naru.Tests.Hub.Storage;

/// <summary>The storage's contract, and what can go wrong on the way, against a server that takes S3's rules at their word.</summary>
public sealed class StrictS3Tests : StorageContract, IAsyncLifetime
{
    private const int Part = 5 << 20;

    private StrictS3 server = null!;

    public async Task InitializeAsync() => server = await StrictS3.Start();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task An_upload_that_is_given_up_leaves_neither_parts_nor_objects()
    {
        await using var storage = Open();
        var key = ObjectKey.New();
        await using (var writer = await storage.Create(key, default))
        {
            await writer.Write(Content(1, (2 * Part) + 1000), default);
            await writer.Flush(default);
        }

        Assert.Equal($"hub/blobs/{key}", Assert.Single(server.Content.Unended));
        await storage.Delete(key, default);
        Assert.Empty(server.Content.Unended);
        Assert.Empty(server.Content.List("", "", 10));
        Assert.Contains("Abort", server.Requests);
        await storage.Delete(key, default);
    }

    [Fact]
    public async Task More_than_a_thousand_objects_are_listed_page_by_page()
    {
        await using var storage = Open();
        var keys = new HashSet<string>();
        for (var i = 0; i < 2500; i++)
        {
            var key = ObjectKey.New();
            keys.Add(key);
            server.Content.Put($"hub/{(i % 10 == 0 ? "uploads" : "blobs")}/{key}", [1]);
        }

        server.Content.Put("hub/blobs/not-ours", [1]);
        server.Content.Put("other/blobs/" + ObjectKey.New(), [1]);
        var complete = 0;
        await foreach (var found in storage.List(default))
        {
            Assert.True(keys.Remove(found.Key));
            complete += found.Complete ? 1 : 0;
        }

        Assert.Empty(keys);
        Assert.Equal(2250, complete);
        Assert.Equal(4, server.Requests.Count(request => request == "List"));
    }

    [Fact]
    public async Task A_client_reads_all_or_a_range_from_the_storage_itself_for_a_while()
    {
        await using var storage = Open();
        var content = Content(1, 1000);
        var key = await Store(storage, content);
        using var client = new HttpClient();
        var address = (await storage.Address(key, TimeSpan.FromMinutes(1), default))!;
        Assert.Equal(content, await client.GetByteArrayAsync(address));
        using var ranged = new HttpRequestMessage(HttpMethod.Get, address);
        ranged.Headers.Range = new RangeHeaderValue(100, 199);
        using var answer = await client.SendAsync(ranged);
        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal(content[100..200], await answer.Content.ReadAsByteArrayAsync());

        // It is for reading this object, for this while.
        Assert.Equal(HttpStatusCode.Forbidden, (await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, address))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.DeleteAsync(address)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync(address.AbsoluteUri.Replace(key, ObjectKey.New(), StringComparison.Ordinal))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync((await storage.Address(key, TimeSpan.FromSeconds(-60), default))!)).StatusCode);
    }

    [Fact]
    public async Task A_server_that_is_busy_for_a_moment_is_asked_again()
    {
        await using var storage = Open();
        foreach (var operation in (string[])["Put", "Begin", "PutPart 1", "PutPart 2", "End", "Get", "Head", "List", "Delete"])
            server.Fail(operation, S3Fault.SlowDown);
        var content = Content(1, (2 * Part) + 1000);
        var key = await Store(storage, content);
        Assert.Equal(content, await Read(storage, key));
        Assert.Empty(await Read(storage, key, 0, 0));
        await storage.Check(default);
        await storage.Delete(key, default);
    }

    [Fact]
    public async Task One_that_stays_busy_is_an_error_that_names_it()
    {
        await using var storage = Open();
        server.Fail("Put", S3Fault.SlowDown, 20);
        var error = await Assert.ThrowsAsync<NaruException>(async () => await storage.Create(ObjectKey.New(), default));
        Assert.Equal(ErrorKind.Unavailable, error.Kind);
        Assert.Contains("SlowDown", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_long_outage_a_single_failure_is_no_error_again()
    {
        await using var storage = Open();
        var key = await Store(storage, Content(1, 1000));
        server.Fail("Get", S3Fault.SlowDown, 10_000);
        await Parallel.ForAsync(0, 60, new ParallelOptions { MaxDegreeOfParallelism = 50 }, async (_, _) =>
            Assert.Equal(ErrorKind.Unavailable, (await Assert.ThrowsAsync<NaruException>(async () => await Read(storage, key))).Kind));
        server.Heal();
        server.Fail("Get", S3Fault.SlowDown, 1);
        Assert.Equal(Content(1, 1000), await Read(storage, key));
    }

    [Theory]
    [InlineData("PutPart 1", S3Fault.Drop)]
    [InlineData("PutPart 2", S3Fault.Drop)]
    [InlineData("PutPart 2", S3Fault.DropAnswer)]
    [InlineData("PutPart 3", S3Fault.Drop)]
    [InlineData("Put", S3Fault.Drop)]
    [InlineData("Put", S3Fault.DropAnswer)]
    [InlineData("Begin", S3Fault.DropAnswer)]
    public async Task A_connection_that_breaks_in_the_middle_is_begun_again(string operation, S3Fault fault)
    {
        await using var storage = Open();
        server.Fail(operation, fault);
        var content = Content(1, (2 * Part) + 1000);
        Assert.Equal(content, await Read(storage, await Store(storage, content)));
    }

    [Fact]
    public async Task A_part_that_breaks_every_time_is_sent_by_the_next_call()
    {
        await using var storage = Open();
        var content = Content(1, (3 * Part) + 1000);
        var key = ObjectKey.New();
        await using (var writer = await storage.Create(key, default))
        {
            server.Fail("PutPart 2", S3Fault.Drop, 5);
            for (var failures = 0; writer.Length < content.Length; Assert.InRange(failures, 0, 5))
            {
                try
                {
                    await writer.Write(content.AsMemory((int)writer.Length, Math.Min(100_000, content.Length - (int)writer.Length)), default);
                }
                catch (NaruException e) when (e.Kind == ErrorKind.Unavailable)
                {
                    failures++;
                }
            }

            await writer.Complete(default);
        }

        Assert.Equal(content, await Read(storage, key));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(Part + 1000)]
    public async Task An_object_whose_completion_was_not_heard_of_is_a_conflict_and_can_be_read(int size)
    {
        await using var storage = Open();
        var content = Content(1, size);
        var key = ObjectKey.New();
        await using var writer = await storage.Create(key, default);
        await writer.Write(content, default);
        await writer.Flush(default);
        server.Fail(size > Part ? "End" : "Put", S3Fault.DropAnswer);
        Assert.Equal(ErrorKind.Conflict, (await Assert.ThrowsAsync<NaruException>(async () => await writer.Complete(default))).Kind);
        await using var back = new MemoryStream();
        await using (var stream = await writer.ReadBack(default))
            await stream.CopyToAsync(back);
        Assert.Equal(content, back.ToArray());
    }

    [Fact]
    public async Task A_lost_part_is_a_conflict_and_nothing_becomes_readable()
    {
        await using var storage = Open();
        var key = ObjectKey.New();
        await using (var writer = await storage.Create(key, default))
        {
            await writer.Write(Content(1, (2 * Part) + 1000), default);
            await writer.Flush(default);
            server.Content.LosePart(2);
            Assert.Equal(ErrorKind.Conflict, (await Assert.ThrowsAsync<NaruException>(async () => await writer.Complete(default))).Kind);
        }

        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<NaruException>(async () => await Read(storage, key))).Kind);
        await storage.Delete(key, default);
        Assert.Empty(server.Content.Unended);
    }

    [Fact]
    public async Task Of_two_writers_one_completes_and_the_other_is_told()
    {
        foreach (var size in (int[])[1000, Part + 1000])
        {
            await using var storage = Open();
            await using var other = Open();
            var key = ObjectKey.New();
            await (await storage.Create(key, default)).DisposeAsync();
            await using var one = await storage.Continue(key, default);
            await using var two = await other.Continue(key, default);
            await one!.Write(Content(1, size), default);
            await two!.Write(Content(2, size), default);
            await one.Complete(default);
            Assert.Equal(ErrorKind.Conflict, (await Assert.ThrowsAsync<NaruException>(async () => await two.Complete(default))).Kind);
            Assert.Equal(Content(1, size), await Read(storage, key));
        }
    }

    [Fact]
    public async Task Wrong_keys_are_told()
    {
        await using var storage = new S3Storage(server.Options() with { SecretKey = "another" });
        var error = await Assert.ThrowsAsync<NaruException>(async () => await storage.Check(default));
        Assert.Equal(ErrorKind.Unavailable, error.Kind);
        Assert.Contains("SignatureDoesNotMatch", error.Message, StringComparison.Ordinal);
    }

    protected override IBlobStorage Open() => new S3Storage(server.Options("hub/"));
}
