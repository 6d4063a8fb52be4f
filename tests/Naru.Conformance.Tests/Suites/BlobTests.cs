using Naru.Conformance.Tests.Content;
using Naru.Conformance.Tests.Requirements;
using Naru.Conformance.Tests.Servers;

namespace Naru.Conformance.Tests.Suites;

/// <summary>"Pulling blobs" and "Checking if content exists in the registry".</summary>
public abstract class BlobTests(RegistryServer server) : Suite(server)
{
    [Must("end-2")]
    public void A_blob_is_answered_with_200_and_its_bytes()
    {
        var blob = Unique(100_000);
        Assert.Equal(blob, Wire.Get(BlobPath(PushBlob(blob))).Is(200).Body);
    }

    [Should("end-2")]
    public void A_blob_comes_with_Docker_Content_Digest()
    {
        var digest = PushBlob(Unique(10));
        Assert.Equal(digest, Wire.Get(BlobPath(digest)).Must("Docker-Content-Digest"));
    }

    [Must("end-2")]
    public void A_blob_that_is_not_there_answers_404() => Wire.Get(BlobPath(Digest.Unknown())).Is(404);

    [Must("end-2")]
    public void A_blob_of_another_repository_answers_404()
    {
        var digest = PushBlob(Unique(10), NewRepository());
        PushBlob(Unique(10));
        Wire.Get(BlobPath(digest)).Is(404);
        Wire.Head(BlobPath(digest)).Is(404);
    }

    [Must("end-2")]
    public void A_HEAD_of_a_blob_answers_200_without_a_body() => Assert.Empty(Wire.Head(BlobPath(PushBlob(Unique(10)))).Is(200).Body);

    [Should("end-2")]
    public void A_HEAD_of_a_blob_tells_Docker_Content_Digest()
    {
        var digest = PushBlob(Unique(10));
        Assert.Equal(digest, Wire.Head(BlobPath(digest)).Must("Docker-Content-Digest"));
    }

    [Should("end-2")]
    public void A_HEAD_of_a_blob_tells_its_Content_Length() => Assert.Equal("1234", Wire.Head(BlobPath(PushBlob(Unique(1234)))).Must("Content-Length"));

    [Must("end-2")]
    public void A_HEAD_of_a_blob_that_is_not_there_answers_404_without_a_body() => Assert.Empty(Wire.Head(BlobPath(Digest.Unknown())).Is(404).Body);

    [Should("RFC9110-9.3.2")]
    public void A_HEAD_of_a_blob_has_the_headers_of_its_GET()
    {
        var path = BlobPath(PushBlob(Unique(10)));
        var (get, head) = (Wire.Get(path), Wire.Head(path));
        foreach (var header in (string[])["Content-Type", "Content-Length", "ETag", "Docker-Content-Digest", "Accept-Ranges"])
            Assert.Equal(get[header], head[header]);
    }

    [Must("end-2")]
    public void A_blob_of_no_bytes_is_a_blob()
    {
        var path = BlobPath(PushBlob([]));
        Assert.Empty(Wire.Get(path).Is(200).Body);
        Assert.Equal("0", Wire.Head(path).Is(200).Must("Content-Length"));
    }

    [Should("end-2")]
    public void A_digest_of_an_unknown_algorithm_answers_400_or_404() => Wire.Get(BlobPath("crc32:00000000")).Is(400, 404);

    [Should("end-2")]
    public void A_digest_that_is_none_answers_400_or_404()
    {
        Wire.Get(BlobPath("sha256:abc")).Is(400, 404);
        Wire.Get(BlobPath("sha256:" + new string('z', 64))).Is(400, 404);
        Wire.Get(BlobPath("latest")).Is(400, 404);
    }

    [May("end-2")]
    public void A_blob_may_be_named_by_sha512()
    {
        var blob = Unique(1000);
        var digest = Digest.Sha512Of(blob);
        PutBlob(blob, digest).Is(201);
        Assert.Equal(blob, Wire.Get(BlobPath(digest)).Is(200).Body);
        Wire.Head(BlobPath(digest)).Is(200);
    }

    [Must("end-2")]
    public void The_digest_told_of_a_sha512_blob_is_of_its_bytes()
    {
        var blob = Unique(1000);
        var digest = Digest.Sha512Of(blob);
        PutBlob(blob, digest).Is(201);
        var answer = Wire.Get(BlobPath(digest)).Is(200);
        Assert.Contains(answer["Docker-Content-Digest"], (string?[])[null, digest, Digest.Of(blob)]);
    }

    [May("RFC9110-15.4")]
    public void A_blob_is_told_as_bytes() => Assert.Equal(MediaTypes.Bytes, Wire.Get(BlobPath(PushBlob(Unique(10)))).Must("Content-Type"));
}
