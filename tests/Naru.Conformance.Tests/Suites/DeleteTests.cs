using Naru.Conformance.Tests.Content;
using Naru.Conformance.Tests.Requirements;
using Naru.Conformance.Tests.Servers;

namespace Naru.Conformance.Tests.Suites;

/// <summary>"Content Management": deleting tags, manifests and blobs.</summary>
public abstract class DeleteTests(RegistryServer server) : Suite(server)
{
    private const string Accept = "Accept: " + MediaTypes.Manifest;

    [Must("end-9")]
    public void Deleting_a_tag_answers_202_or_that_it_is_disabled()
    {
        PushImage("v1");
        Wire.Delete(ManifestPath("v1")).Is(202, 400, 405);
    }

    [May("end-9")]
    public void A_tag_can_be_deleted()
    {
        PushImage("v1");
        Wire.Delete(ManifestPath("v1")).Is(202);
    }

    [Must("end-9")]
    public void A_deleted_tag_answers_404()
    {
        PushImage("v1");
        Wire.Delete(ManifestPath("v1")).Is(202);
        Wire.Get(ManifestPath("v1"), Accept).Is(404);
        Wire.Head(ManifestPath("v1"), Accept).Is(404);
    }

    [Should("end-9")]
    public void Deleting_a_tag_leaves_its_manifest_and_other_tags()
    {
        var manifest = PushImage("v1", "v2");
        Wire.Delete(ManifestPath("v1")).Is(202);
        Assert.Equal(manifest, Wire.Get(ManifestPath("v2"), Accept).Is(200).Body);
        Assert.Equal(manifest, Wire.Get(ManifestPath(Digest.Of(manifest)), Accept).Is(200).Body);
        Assert.Equal(["v2"], Strings(Wire.Get($"/v2/{Repository}/tags/list").Is(200).Json["tags"]));
    }

    [Must("end-9")]
    public void Deleting_a_tag_that_is_not_there_is_an_error()
    {
        PushImage("v1");
        Wire.Delete(ManifestPath("v2")).Is(400, 404, 405);
    }

    [Must("end-9")]
    public void Deleting_a_manifest_answers_202() => Wire.Delete(ManifestPath(Digest.Of(PushImage("v1")))).Is(202);

    [Must("end-9")]
    public void A_deleted_manifest_answers_404()
    {
        var digest = Digest.Of(PushImage("v1"));
        Wire.Delete(ManifestPath(digest)).Is(202);
        Wire.Get(ManifestPath(digest), Accept).Is(404);
        Wire.Head(ManifestPath(digest), Accept).Is(404);
    }

    [Must("end-9")]
    public void Every_tag_of_a_deleted_manifest_answers_404()
    {
        var digest = Digest.Of(PushImage("v1", "v2"));
        PushImage("v3");
        Wire.Delete(ManifestPath(digest)).Is(202);
        Wire.Get(ManifestPath("v1"), Accept).Is(404);
        Wire.Get(ManifestPath("v2"), Accept).Is(404);
        Wire.Get(ManifestPath("v3"), Accept).Is(200);
        Assert.Equal(["v3"], Strings(Wire.Get($"/v2/{Repository}/tags/list").Is(200).Json["tags"]));
    }

    [Must("end-9")]
    public void Deleting_a_manifest_that_is_not_there_answers_404()
    {
        PushImage("v1");
        Wire.Delete(ManifestPath(Digest.Unknown())).Is(404);
    }

    [Must("end-9")]
    public void Deleting_a_manifest_twice_answers_404()
    {
        var path = ManifestPath(Digest.Of(PushImage("v1")));
        Wire.Delete(path).Is(202);
        Wire.Delete(path).Is(404);
    }

    [Must("end-9")]
    public void Deleting_in_a_repository_that_is_not_there_answers_404() => Wire.Delete(ManifestPath(Digest.Unknown())).Is(404);

    [Must("end-9")]
    public void A_manifest_deleted_in_one_repository_stays_in_another()
    {
        var manifest = PushImage("v1");
        var other = NewRepository();
        foreach (var blob in (string[])["config", "layer"])
        {
            var json = System.Text.Json.Nodes.JsonNode.Parse(manifest)!;
            var digest = (string)(blob == "config" ? json["config"] : json["layers"]![0])!["digest"]!;
            PushBlob(Wire.Get(BlobPath(digest)).Is(200).Body, other);
        }
        PutManifest("v1", manifest, repository: other).Is(201);
        Wire.Delete(ManifestPath(Digest.Of(manifest))).Is(202);
        Assert.Equal(manifest, Wire.Get(ManifestPath(other, "v1"), Accept).Is(200).Body);
        Assert.Equal(manifest, Wire.Get(ManifestPath(other, Digest.Of(manifest)), Accept).Is(200).Body);
    }

    [Must("end-9")]
    public void A_deleted_manifest_can_be_pushed_again()
    {
        var manifest = PushImage("v1");
        Wire.Delete(ManifestPath(Digest.Of(manifest))).Is(202);
        PutManifest("v1", manifest).Is(201);
        Assert.Equal(manifest, Wire.Get(ManifestPath("v1"), Accept).Is(200).Body);
    }

    [Must("end-10")]
    public void Deleting_a_blob_answers_202() => Wire.Delete(BlobPath(PushBlob(Unique(10)))).Is(202);

    [Must("end-10")]
    public void A_deleted_blob_answers_404()
    {
        var path = BlobPath(PushBlob(Unique(10)));
        Wire.Delete(path).Is(202);
        Wire.Get(path).Is(404);
        Wire.Head(path).Is(404);
    }

    [Must("end-10")]
    public void Deleting_a_blob_that_is_not_there_answers_404()
    {
        PushBlob(Unique(10));
        Wire.Delete(BlobPath(Digest.Unknown())).Is(404);
    }

    [Must("end-10")]
    public void A_blob_deleted_in_one_repository_stays_in_another()
    {
        var (blob, other) = (Unique(10), NewRepository());
        PushBlob(blob, other);
        Wire.Delete(BlobPath(PushBlob(blob))).Is(202);
        Assert.Equal(blob, Wire.Get(BlobPath(other, Digest.Of(blob))).Is(200).Body);
    }

    [Must("end-10")]
    public void A_deleted_blob_can_be_pushed_again()
    {
        var blob = Unique(10);
        Wire.Delete(BlobPath(PushBlob(blob))).Is(202);
        PushBlob(blob);
        Assert.Equal(blob, Wire.Get(BlobPath(Digest.Of(blob))).Is(200).Body);
    }
}
