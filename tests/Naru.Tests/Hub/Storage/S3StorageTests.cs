using Naru.Base;
using Naru.Hub.Storage;

namespace Naru.Tests.Hub.Storage;

[Collection(S3Collection.Name)]
[Needs("npm")]
public sealed class S3StorageTests(S3Server server) : StorageContract
{
    private readonly string prefix = $"{ObjectKey.New()}/";

    [ContractFact]
    public async Task A_client_reads_from_the_storage_itself_for_a_while()
    {
        await using var storage = Open();
        var content = Content(1, 1000);
        var key = await Store(storage, content);
        using var client = new HttpClient();
        var address = await storage.Address(key, TimeSpan.FromMinutes(1), default);
        Assert.Equal(content, await client.GetByteArrayAsync(address));
        await using var silent = new S3Storage(server.Options(prefix) with { Redirect = false });
        Assert.Null(await silent.Address(key, TimeSpan.FromMinutes(1), default));
    }

    [ContractFact]
    public async Task A_part_that_could_not_be_sent_is_sent_by_the_next_call()
    {
        await using var storage = new S3Storage(server.Options(prefix));
        await using var relay = new Relay(server.Endpoint.Port);
        await using var through = new S3Storage(server.Options(prefix) with { Endpoint = relay.Address });
        var content = Content(1, 11 << 20);
        var key = ObjectKey.New();
        await using (var writer = await through.Create(key, default))
        {
            await writer.Write(content.AsMemory(0, 4 << 20), default);
            await writer.Flush(default);
            relay.Cut = true;
            var error = await Assert.ThrowsAsync<NaruException>(async () =>
            {
                await writer.Write(content.AsMemory(4 << 20, 6 << 20), default);
                await writer.Flush(default);
            });
            Assert.Equal(ErrorKind.Unavailable, error.Kind);
            relay.Cut = false;
            await writer.Write(content.AsMemory((int)writer.Length), default);
            await writer.Complete(default);
        }

        Assert.Equal(content, await Read(storage, key));
    }

    [ContractFact]
    public async Task A_wrong_bucket_is_told()
    {
        await using var missing = new S3Storage(server.Options(prefix) with { Bucket = "none" });
        var error = await Assert.ThrowsAsync<NaruException>(async () => await missing.Check(default));
        Assert.Contains("NoSuchBucket", error.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorKind.Unavailable, (await Assert.ThrowsAsync<NaruException>(async () => await Read(missing, ObjectKey.New()))).Kind);
    }

    [Fact]
    public void Parts_that_S3_would_refuse_are_refused()
    {
        var options = new S3Options { Bucket = "hub", Spool = Path.GetTempPath(), PartSize = 1 << 20 };
        Assert.Contains("5 MiB", Assert.Throws<NaruException>(() => new S3Storage(options)).Message, StringComparison.Ordinal);
    }

    protected override IBlobStorage Open() => new S3Storage(server.Options(prefix));
}
