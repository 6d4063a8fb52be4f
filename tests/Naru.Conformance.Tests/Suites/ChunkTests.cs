using Naru.Conformance.Tests.Content;
using Naru.Conformance.Tests.Requirements;
using Naru.Conformance.Tests.Servers;

namespace Naru.Conformance.Tests.Suites;

/// <summary>"Pushing a blob in chunks", its status, its resumption and its end.</summary>
public abstract class ChunkTests(RegistryServer server) : Suite(server)
{
    private const string Bytes = "Content-Type: " + MediaTypes.Bytes;

    [Must("end-5")]
    public void A_chunk_answers_202_with_Location() => Patch(Begin(), Unique(10), 0).Is(202).Must("Location");

    [Must("end-5")]
    public void A_chunk_answers_with_the_Range_so_far()
    {
        var first = Patch(Begin(), Unique(10), 0).Is(202);
        Assert.Equal("0-9", first.Must("Range"));
        Assert.Equal("0-14", Patch(LocationOf(first), Unique(5), 10).Is(202).Must("Range"));
    }

    [Must("end-6")]
    public void A_PUT_without_bytes_ends_the_chunks_with_201()
    {
        var blob = Unique(3000);
        var location = LocationOf(Finish(Send(blob, 1000), Digest.Of(blob)).Is(201));
        Assert.Equal(blob, Wire.Get(location).Is(200).Body);
    }

    [Must("end-6")]
    public void The_last_chunk_may_come_with_the_PUT()
    {
        var blob = Unique(3000);
        var location = Send(blob[..2000], 1000);
        Finish(location, Digest.Of(blob), blob[2000..], Bytes, "Content-Range: 2000-2999").Is(201);
        Assert.Equal(blob, Wire.Get(BlobPath(Digest.Of(blob))).Is(200).Body);
    }

    [Must("end-6")]
    public void The_digest_of_the_last_chunk_alone_answers_400()
    {
        var blob = Unique(3000);
        Finish(Send(blob[..2000], 1000), Digest.Of(blob.AsSpan(2000)), blob[2000..], Bytes, "Content-Range: 2000-2999").Is(400);
    }

    [Must("end-6")]
    public void A_last_chunk_out_of_order_is_refused()
    {
        var blob = Unique(3000);
        Finish(Send(blob[..1000], 1000), Digest.Of([.. blob[..1000], .. blob[2000..]]), blob[2000..], Bytes, "Content-Range: 2000-2999").Is(400, 416);
    }

    [Must("end-5")]
    public void A_chunk_after_a_gap_answers_416() => Patch(Send(Unique(10), 10), Unique(10), 20).Is(416);

    [Must("end-5")]
    public void A_chunk_that_was_sent_already_answers_416()
    {
        var chunk = Unique(10);
        Patch(Send(chunk, 10), chunk, 0).Is(416);
    }

    [Must("end-5")]
    public void A_first_chunk_that_does_not_begin_at_0_answers_416() => Patch(Begin(), Unique(10), 5).Is(416);

    [Must("end-5")]
    public void A_refused_chunk_leaves_the_upload_as_it_was()
    {
        var blob = Unique(30);
        var location = Send(blob[..10], 10);
        Patch(location, Unique(10), 20).Is(416);
        location = LocationOf(Wire.Get(location).Is(204));
        location = LocationOf(Patch(location, blob[10..], 10).Is(202));
        Finish(location, Digest.Of(blob)).Is(201);
        Assert.Equal(blob, Wire.Get(BlobPath(Digest.Of(blob))).Is(200).Body);
    }

    [Must("end-5")]
    public void A_Content_Range_that_is_none_is_refused()
    {
        foreach (var range in (string[])["a-b", "9-0", "0", "-", "0-99999999999999999999"])
            Wire.Patch(Begin(), Unique(10), Bytes, "Content-Range: " + range).Is(400, 416);
    }

    [Must("end-5")]
    public void A_Content_Range_unlike_the_Content_Length_is_refused() => Wire.Patch(Begin(), Unique(10), Bytes, "Content-Range: 0-99").Is(400, 416);

    [Must("end-5")]
    public void A_chunk_of_an_upload_that_is_not_there_answers_404() => Patch($"{Uploads}{Guid.NewGuid()}", Unique(10), 0).Is(404);

    [May("Docker")]
    public void A_stream_without_Content_Range_is_one_chunk()
    {
        var blob = "hello world"u8.ToArray();
        var location = LocationOf(Wire.Patch(Begin(), "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"u8.ToArray(), Bytes, "Transfer-Encoding: chunked").Is(202));
        Finish(location, Digest.Of(blob)).Is(201);
        Assert.Equal(blob, Wire.Get(BlobPath(Digest.Of(blob))).Is(200).Body);
    }

    [Must("end-6")]
    public void Fifty_chunks_are_one_blob()
    {
        var blob = Unique(50 * 1111);
        Finish(Send(blob, 1111), Digest.Of(blob)).Is(201);
        Assert.Equal(blob, Wire.Get(BlobPath(Digest.Of(blob))).Is(200).Body);
    }

    [Should("end-4a")]
    public void A_least_chunk_length_that_is_told_is_a_number()
    {
        if (Wire.Post(Uploads).Is(202)["OCI-Chunk-Min-Length"] is { } least)
            Assert.True(long.TryParse(least, out var length) && length > 0, least);
    }

    [Must("end-13")]
    public void The_status_of_an_upload_answers_204_with_Location_and_Range()
    {
        var answer = Wire.Get(Send(Unique(20), 10)).Is(204);
        answer.Must("Location");
        Assert.Equal("0-19", answer.Must("Range"));
    }

    [Must("end-13")]
    public void The_status_of_an_upload_without_bytes_answers_204()
    {
        var answer = Wire.Get(Begin()).Is(204);
        answer.Must("Location");
        answer.Must("Range");
    }

    [Must("end-13")]
    public void The_status_of_an_upload_that_is_not_there_answers_404() => Wire.Get($"{Uploads}{Guid.NewGuid()}").Is(404);

    [Must("end-13")]
    public void The_status_of_an_upload_that_is_done_answers_404()
    {
        var blob = Unique(10);
        var location = Send(blob, 10);
        Finish(location, Digest.Of(blob)).Is(201);
        Wire.Get(location).Is(404);
    }

    [Should("end-13")]
    public void An_upload_whose_connection_was_cut_goes_on_from_its_status()
    {
        var blob = Unique(100_000);
        var location = Begin();
        using (var connection = new Http.Connection(Wire.Port))
        {
            connection.Write(Wire.RequestHead("PATCH", location, blob, Bytes, "Content-Range: 0-99999"));
            connection.Write(blob.AsSpan(0, 60_000));
        }
        var status = Settled(location);
        var from = int.Parse(status.Must("Range").Split('-')[1]);
        from = from == 0 ? 0 : from + 1;
        Assert.True(from <= 60_000, $"{from}");
        location = LocationOf(Patch(LocationOf(status), blob[from..], from).Is(202));
        Finish(location, Digest.Of(blob)).Is(201);
        Assert.Equal(blob, Wire.Get(BlobPath(Digest.Of(blob))).Is(200).Body);
    }

    [May("Docker")]
    public void A_DELETE_of_an_upload_answers_204_and_ends_it()
    {
        var location = Send(Unique(10), 10);
        Wire.Delete(location).Is(204);
        Wire.Get(location).Is(404);
        Patch(location, Unique(10), 10).Is(404);
    }

    [May("Docker")]
    public void A_DELETE_of_an_upload_that_is_not_there_answers_404() => Wire.Delete($"{Uploads}{Guid.NewGuid()}").Is(404);

    private Http.Answer Patch(string location, byte[] chunk, long from) => Wire.Patch(location, chunk, Bytes, $"Content-Range: {from}-{from + chunk.Length - 1}");

    /// <summary>Begins an upload and sends these bytes in chunks; the location for what follows.</summary>
    private string Send(byte[] bytes, int size)
    {
        var location = Begin();
        for (var from = 0; from < bytes.Length; from += size)
            location = LocationOf(Patch(location, bytes[from..Math.Min(from + size, bytes.Length)], from).Is(202));
        return location;
    }

    /// <summary>An upload's status once two asked one after the other are the same: the server may still be taking what came.</summary>
    private Http.Answer Settled(string location)
    {
        var status = Wire.Get(location).Is(204);
        for (var round = 0; round < 100; round++)
        {
            Thread.Sleep(100);
            var next = Wire.Get(location).Is(204);
            if (next["Range"] == status["Range"])
                return next;
            status = next;
        }
        return status;
    }
}
