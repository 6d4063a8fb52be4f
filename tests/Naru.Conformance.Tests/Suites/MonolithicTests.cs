using Naru.Conformance.Tests.Content;
using Naru.Conformance.Tests.Requirements;
using Naru.Conformance.Tests.Servers;

namespace Naru.Conformance.Tests.Suites;

/// <summary>"Pushing a blob monolithically": POST then PUT, and a single POST.</summary>
public abstract class MonolithicTests(RegistryServer server) : Suite(server)
{
    [Must("end-4a")]
    public void A_POST_answers_202_with_Location() => Wire.Post(Uploads).Is(202).Must("Location");

    [Must("end-4a")]
    public void The_Location_holds_a_UUID_of_its_own()
    {
        var (first, second) = (Begin(), Begin());
        Assert.Matches("[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}", first);
        Assert.NotEqual(first, second);
    }

    [May("Docker")]
    public void A_POST_tells_Docker_Upload_UUID_and_an_empty_Range()
    {
        var answer = Wire.Post(Uploads).Is(202);
        Assert.Contains(answer.Must("Docker-Upload-UUID"), answer.Must("Location"), StringComparison.Ordinal);
        Assert.Equal("0-0", answer.Must("Range"));
    }

    [Must("end-6")]
    public void A_PUT_of_the_bytes_answers_201_with_the_blobs_Location()
    {
        var blob = Unique(5000);
        var location = LocationOf(PutBlob(blob).Is(201));
        Assert.Equal(blob, Wire.Get(location).Is(200).Body);
    }

    [Should("Docker")]
    public void A_PUT_of_the_bytes_tells_Docker_Content_Digest()
    {
        var blob = Unique(10);
        Assert.Equal(Digest.Of(blob), PutBlob(blob).Is(201).Must("Docker-Content-Digest"));
    }

    [Must("end-6")]
    public void A_PUT_with_another_digest_answers_400() => PutBlob(Unique(10), Digest.Unknown()).Is(400);

    [Must("end-6")]
    public void A_PUT_with_another_digest_keeps_nothing()
    {
        var (blob, wrong) = (Unique(10), Digest.Unknown());
        PutBlob(blob, wrong);
        Wire.Head(BlobPath(wrong)).Is(404);
        Wire.Head(BlobPath(Digest.Of(blob))).Is(404);
    }

    [Must("end-6")]
    public void A_PUT_without_a_digest_answers_400() => Wire.Put(Begin(), Unique(10)).Is(400);

    [Must("end-6")]
    public void A_PUT_with_a_digest_that_is_none_answers_400() => PutBlob(Unique(10), "sha256:abc").Is(400);

    [Must("end-6")]
    public void A_PUT_to_an_upload_that_is_not_there_answers_404() => Finish($"{Uploads}{Guid.NewGuid()}", Digest.Of(Unique(1)), Unique(1)).Is(404);

    [Must("end-6")]
    public void An_upload_ends_with_its_PUT()
    {
        var blob = Unique(10);
        var location = Begin();
        Finish(location, Digest.Of(blob), blob).Is(201);
        Finish(location, Digest.Of(blob), blob).Is(404);
    }

    [Must("end-6")]
    public void An_upload_belongs_to_its_repository()
    {
        var blob = Unique(10);
        var elsewhere = Begin().Replace(Repository, NewRepository(), StringComparison.Ordinal);
        Finish(elsewhere, Digest.Of(blob), blob).Is(400, 404);
        Wire.Head(BlobPath(Digest.Of(blob))).Is(404);
    }

    [Must("end-6")]
    public void A_blob_that_is_there_may_be_pushed_again()
    {
        var blob = Unique(10);
        PushBlob(blob);
        PutBlob(blob).Is(201);
        Assert.Equal(blob, Wire.Get(BlobPath(Digest.Of(blob))).Is(200).Body);
    }

    [Must("RFC9112-7.1")]
    public void A_PUT_may_come_in_the_chunks_of_HTTP()
    {
        var blob = "hello world, in parts"u8.ToArray();
        var chunked = "5\r\nhello\r\n6;x=y\r\n world\r\na\r\n, in parts\r\n0\r\n\r\n"u8.ToArray();
        Finish(Begin(), Digest.Of(blob), chunked, "Transfer-Encoding: chunked").Is(201);
        Assert.Equal(blob, Wire.Get(BlobPath(Digest.Of(blob))).Is(200).Body);
    }

    [Must("RFC9110-10.1.1")]
    public void Expect_100_continue_is_answered_before_the_body()
    {
        var blob = Unique(10);
        using var connection = new Http.Connection(Wire.Port);
        connection.Write(Wire.RequestHead("PUT", With(Begin(), "digest=" + Digest.Of(blob)), blob, "Expect: 100-continue"));
        Assert.StartsWith("HTTP/1.1 100", connection.ReadSome(), StringComparison.Ordinal);
        connection.Write(blob);
        new Http.Answer("PUT after 100", connection.ReadToEnd(), false).Is(201);
    }

    [Must("RFC9110-8.6")]
    public void A_body_that_ends_early_is_not_kept()
    {
        var blob = Unique(1000);
        var location = Begin();
        using (var connection = new Http.Connection(Wire.Port))
        {
            connection.Write(Wire.RequestHead("PUT", With(location, "digest=" + Digest.Of(blob.AsSpan(0, 500))), blob));
            connection.Write(blob.AsSpan(0, 500));
            connection.EndWriting();
            var answer = connection.ReadToEnd();
            Assert.False(answer.AsSpan().StartsWith("HTTP/1.1 2"u8), "half a body was taken for a whole one");
        }
        Wire.Head(BlobPath(Digest.Of(blob.AsSpan(0, 500)))).Is(404);
        Wire.Head(BlobPath(Digest.Of(blob))).Is(404);
    }

    [Must("end-4b")]
    public void A_single_POST_answers_201_or_202_with_Location()
    {
        var blob = Unique(5000);
        var answer = Wire.Post($"{Uploads}?digest={Digest.Of(blob)}", blob, "Content-Type: " + MediaTypes.Bytes).Is(201, 202);
        var location = LocationOf(answer);
        if (answer.Status == 202)
            location = LocationOf(Finish(location, Digest.Of(blob), blob).Is(201));
        Assert.Equal(blob, Wire.Get(location).Is(200).Body);
    }

    [May("end-4b")]
    public void A_single_POST_is_enough()
    {
        var blob = Unique(5000);
        Wire.Post($"{Uploads}?digest={Digest.Of(blob)}", blob, "Content-Type: " + MediaTypes.Bytes).Is(201);
        Assert.Equal(blob, Wire.Get(BlobPath(Digest.Of(blob))).Is(200).Body);
    }

    [Must("end-4b")]
    public void A_single_POST_with_another_digest_keeps_nothing()
    {
        var (blob, wrong) = (Unique(10), Digest.Unknown());
        Wire.Post($"{Uploads}?digest={wrong}", blob).Is(400, 202);
        Wire.Head(BlobPath(wrong)).Is(404);
        Wire.Head(BlobPath(Digest.Of(blob))).Is(404);
    }
}
