using Naru.Conformance.Tests.Content;
using Naru.Conformance.Tests.Requirements;
using Naru.Conformance.Tests.Servers;

namespace Naru.Conformance.Tests.Suites;

/// <summary>"Mounting a blob from another repository".</summary>
public abstract class MountTests(RegistryServer server) : Suite(server)
{
    private readonly string _from = NewRepository();

    [Must("end-11")]
    public void A_mount_answers_201_with_the_blobs_Location_or_begins_an_upload()
    {
        var blob = Unique(100);
        var answer = Mount(PushBlob(blob, _from)).Is(201, 202);
        if (answer.Status == 201)
            Assert.Equal(blob, Wire.Get(LocationOf(answer)).Is(200).Body);
        else
            Finish(LocationOf(answer), Digest.Of(blob), blob).Is(201);
    }

    [May("end-11")]
    public void A_mounted_blob_needs_no_upload()
    {
        var blob = Unique(100);
        Mount(PushBlob(blob, _from)).Is(201);
        Assert.Equal(blob, Wire.Get(BlobPath(Digest.Of(blob))).Is(200).Body);
    }

    [May("end-11")]
    public void A_mount_tells_Docker_Content_Digest()
    {
        var digest = PushBlob(Unique(100), _from);
        Assert.Equal(digest, Mount(digest).Is(201).Must("Docker-Content-Digest"));
    }

    [Should("end-11")]
    public void A_mount_of_a_blob_that_is_not_there_begins_an_upload()
    {
        PushBlob(Unique(10), _from);
        var blob = Unique(10);
        Finish(LocationOf(Mount(Digest.Of(blob)).Is(202)), Digest.Of(blob), blob).Is(201);
    }

    [Should("end-11")]
    public void A_mount_from_a_repository_that_is_not_there_begins_an_upload() => Mount(Digest.Unknown()).Is(202).Must("Location");

    [Should("end-11")]
    public void A_mount_without_from_mounts_or_begins_an_upload() =>
        Wire.Post($"{Uploads}?mount={PushBlob(Unique(10), _from)}").Is(201, 202).Must("Location");

    [Must("end-11")]
    public void A_mounted_blob_stays_when_it_is_deleted_where_it_came_from()
    {
        var blob = Unique(100);
        var digest = PushBlob(blob, _from);
        Mount(digest).Is(201);
        Wire.Delete(BlobPath(_from, digest)).Is(202);
        Assert.Equal(blob, Wire.Get(BlobPath(digest)).Is(200).Body);
        Wire.Head(BlobPath(_from, digest)).Is(404);
    }

    [Must("end-11")]
    public void A_digest_that_is_none_is_not_mounted() => Assert.NotEqual(201, Mount("sha256:abc").Is(202, 400, 404).Status);

    private Http.Answer Mount(string digest) => Wire.Post($"{Uploads}?mount={digest}&from={_from}");
}
