using Naru.Base;
using Naru.Hub.Storage;

namespace Naru.Tests.Hub.Storage;

/// <summary>What everybody may rely on, wherever the bytes are.</summary>
public abstract class StorageContract
{
    private const int Part = 5 << 20;

    /// <summary>Another instance over the same objects, as another process has one.</summary>
    protected abstract IBlobStorage Open();

    [ContractFact]
    public async Task What_was_written_is_read_whole_and_in_part()
    {
        await using var storage = Open();
        foreach (var size in (int[])[0, 1, 100_000, Part - 1, Part, Part + 1, (2 * Part) + 3])
        {
            var content = Content(size, size);
            var key = await Store(storage, content);
            Assert.Equal(content, await Read(storage, key));
            Assert.Equal(content[(size / 3)..(size / 2)], await Read(storage, key, size / 3, (size / 2) - (size / 3)));
            Assert.Equal(content[(size / 2)..], await Read(storage, key, size / 2, long.MaxValue));
            Assert.Empty(await Read(storage, key, size, 0));
            if (size > 0)
                Assert.Empty(await Read(storage, key, size, 10));
        }
    }

    [ContractFact]
    public async Task Nobody_reads_an_object_that_is_not_complete()
    {
        await using var storage = Open();
        var key = ObjectKey.New();
        await using var writer = await storage.Create(key, default);
        await writer.Write(Content(1, 1000), default);
        await writer.Flush(default);
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<NaruException>(async () => await Read(storage, key))).Kind);
        await writer.Complete(default);
        Assert.Equal(1000, (await Read(storage, key)).Length);
    }

    [ContractFact]
    public async Task Others_go_on_where_one_ended()
    {
        var content = Content(7, (2 * Part) + 12345);
        var key = ObjectKey.New();
        await using (var storage = Open())
            await (await storage.Create(key, default)).DisposeAsync();
        int[] ends = [0, 1, Part - 1, Part + 2, Part + 2, (2 * Part) + 5, content.Length];
        foreach (var end in ends)
        {
            await using var storage = Open();
            await using var writer = await storage.Continue(key, default);
            await writer!.Write(content.AsMemory((int)writer.Length..end), default);
            await writer.Flush(default);
            Assert.Equal(end, writer.Length);
        }

        await using var last = Open();
        await using (var writer = await last.Continue(key, default))
        {
            Assert.Equal(content.Length, writer!.Length);
            await writer.Complete(default);
        }

        Assert.Equal(content, await Read(last, key));
    }

    [ContractFact]
    public async Task A_writer_that_is_dropped_keeps_what_was_flushed()
    {
        await using var storage = Open();
        var content = Content(3, (3 * Part) + 100);
        var key = ObjectKey.New();
        await using (var writer = await storage.Create(key, default))
        {
            await writer.Write(content.AsMemory(0, 1000), default);
            await writer.Flush(default);
            await writer.Write(content.AsMemory(1000, 2 * Part), default);
        }

        await using (var writer = await storage.Continue(key, default))
        {
            Assert.InRange(writer!.Length, 1000, 1000 + (2 * Part));
            await writer.Write(content.AsMemory((int)writer.Length), default);
            await writer.Flush(default);
            await writer.Complete(default);
        }

        Assert.Equal(content, await Read(storage, key));
    }

    [ContractFact]
    public async Task What_another_wrote_is_read_back_before_it_is_completed()
    {
        foreach (var size in (int[])[0, 1000, Part + 1000])
        {
            await using var storage = Open();
            var content = Content(5, size);
            var key = ObjectKey.New();
            await using (var writer = await storage.Create(key, default))
            {
                await writer.Write(content, default);
                await writer.Flush(default);
            }

            await using (var writer = await storage.Continue(key, default))
            {
                await using (var back = await writer!.ReadBack(default))
                    Assert.Equal(content, await All(back));
                await writer.Complete(default);
            }

            Assert.Equal(content, await Read(storage, key));
        }
    }

    [ContractFact]
    public async Task What_is_read_back_and_found_wrong_can_be_deleted()
    {
        await using var storage = Open();
        var key = ObjectKey.New();
        await using (var writer = await storage.Create(key, default))
        {
            await writer.Write(Content(5, 1000), default);
            await writer.Flush(default);
            await (await writer.ReadBack(default)).DisposeAsync();
        }

        await storage.Delete(key, default);
        Assert.Null(await storage.Continue(key, default));
        Assert.Empty(await List(storage));
    }

    [ContractFact]
    public async Task One_that_was_completed_before_anybody_was_told_is_found_again()
    {
        await using var storage = Open();
        var content = Content(9, 1000);
        var key = await Store(storage, content);
        await using var writer = await storage.Continue(key, default);
        Assert.Equal(1000, writer!.Length);
        await writer.Flush(default);
        await using (var back = await writer.ReadBack(default))
            Assert.Equal(content, await All(back));
        Assert.Equal(ErrorKind.Conflict, (await Assert.ThrowsAsync<NaruException>(async () => await writer.Write(content, default))).Kind);
        await writer.Complete(default);
        Assert.Equal(content, await Read(storage, key));
    }

    [ContractFact]
    public async Task What_is_deleted_is_gone_complete_or_not()
    {
        await using var storage = Open();
        var complete = await Store(storage, Content(1, 1000));
        var begun = ObjectKey.New();
        await using (var writer = await storage.Create(begun, default))
        {
            await writer.Write(Content(1, Part + 1), default);
            await writer.Flush(default);
        }

        Assert.Equal(Ordered([$"{begun} begun", $"{complete} complete"]), await List(storage));
        await storage.Check(default);
        await storage.Delete(complete, default);
        await storage.Delete(begun, default);
        await storage.Delete(ObjectKey.New(), default);
        Assert.Empty(await List(storage));
        Assert.Null(await storage.Continue(begun, default));
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<NaruException>(async () => await Read(storage, complete))).Kind);
    }

    [ContractFact]
    public async Task Who_reads_while_it_is_deleted_gets_its_bytes_or_an_error()
    {
        await using var storage = Open();
        var content = Content(1, Part);
        var key = await Store(storage, content);
        await using var stream = await storage.Read(key, 0, content.Length, default);
        var start = new byte[1000];
        await stream.ReadExactlyAsync(start);
        await storage.Delete(key, default);
        Assert.Equal(content[..1000], start);
        try
        {
            Assert.Equal(content[1000..], await All(stream));
        }
        catch (IOException)
        {
            // As good an end.
        }
    }

    [ContractFact]
    public async Task A_listing_says_size_and_time()
    {
        await using var storage = Open();
        var before = DateTime.UtcNow.AddMinutes(-1);
        List<string> keys = [];
        for (var i = 0; i < 5; i++)
            keys.Add(await Store(storage, Content(i, 100 + i)));
        await foreach (var found in storage.List(default))
        {
            Assert.Equal(100 + keys.IndexOf(found.Key), found.Size);
            Assert.InRange(found.Changed, before, DateTime.UtcNow.AddMinutes(1));
            Assert.True(found.Complete);
        }
    }

    [ContractFact]
    public async Task Many_write_at_once()
    {
        await using var storage = Open();
        var contents = Enumerable.Range(0, 24).Select(i => Content(i, 200_000 + i)).ToList();
        var keys = await Task.WhenAll(contents.Select(content => Task.Run(() => Store(storage, content))));
        for (var i = 0; i < keys.Length; i++)
            Assert.Equal(contents[i], await Read(storage, keys[i]));
    }

    [ContractFact]
    public async Task What_is_not_there_is_not_found()
    {
        await using var storage = Open();
        Assert.Null(await storage.Continue(ObjectKey.New(), default));
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<NaruException>(async () => await Read(storage, ObjectKey.New()))).Kind);
        foreach (var wrong in (string[])["", "../../etc/passwd", new string('A', 32)])
            Assert.Equal(ErrorKind.InvalidArgument, (await Assert.ThrowsAsync<NaruException>(async () => await Read(storage, wrong))).Kind);
        await storage.Check(default);
    }

    protected static async Task<string> Store(IBlobStorage storage, byte[] content)
    {
        var key = ObjectKey.New();
        await using var writer = await storage.Create(key, default);
        for (var at = 0; at < content.Length; at += 1 << 18)
            await writer.Write(content.AsMemory(at, Math.Min(1 << 18, content.Length - at)), default);
        await writer.Complete(default);
        return key;
    }

    protected static byte[] Content(int seed, int size)
    {
        var content = new byte[size];
        new Random(seed).NextBytes(content);
        return content;
    }

    protected static async Task<byte[]> Read(IBlobStorage storage, string key, long offset = 0, long length = long.MaxValue)
    {
        await using var stream = await storage.Read(key, offset, length, default);
        return await All(stream);
    }

    private static async Task<byte[]> All(Stream stream)
    {
        using var memory = new MemoryStream();
        await stream.CopyToAsync(memory);
        return memory.ToArray();
    }

    private static async Task<List<string>> List(IBlobStorage storage)
    {
        List<string> found = [];
        await foreach (var entry in storage.List(default))
            found.Add($"{entry.Key} {(entry.Complete ? "complete" : "begun")}");
        return Ordered(found);
    }

    private static List<string> Ordered(List<string> list) => [.. list.Order(StringComparer.Ordinal)];
}
