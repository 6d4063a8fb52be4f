using Naru.Conformance.Tests.Content;
using Naru.Conformance.Tests.Requirements;
using Naru.Conformance.Tests.Servers;

namespace Naru.Conformance.Tests.Suites;

/// <summary>"Pulling manifests" and "Checking if content exists in the registry".</summary>
public abstract class ManifestTests(RegistryServer server) : Suite(server)
{
    [Must("end-3")]
    public void A_manifest_is_answered_by_its_tag_with_200_and_its_bytes()
    {
        var manifest = PushImage("v1");
        Assert.Equal(manifest, Wire.Get(ManifestPath("v1"), "Accept: " + MediaTypes.Manifest).Is(200).Body);
    }

    [Must("end-3")]
    public void A_manifest_is_answered_by_its_digest_with_200_and_its_bytes()
    {
        var manifest = PushImage("v1");
        Assert.Equal(manifest, Wire.Get(ManifestPath(Digest.Of(manifest)), "Accept: " + MediaTypes.Manifest).Is(200).Body);
    }

    [Should("end-3")]
    public void A_manifest_comes_with_Docker_Content_Digest()
    {
        var manifest = PushImage("v1");
        Assert.Equal(Digest.Of(manifest), Wire.Get(ManifestPath("v1"), "Accept: " + MediaTypes.Manifest).Must("Docker-Content-Digest"));
    }

    [Should("end-3")]
    public void A_manifest_comes_with_the_Content_Type_that_it_was_pushed_with()
    {
        PushImage("v1");
        Assert.Equal(MediaTypes.Manifest, Wire.Get(ManifestPath("v1"), "Accept: " + MediaTypes.Manifest).Must("Content-Type"));
    }

    [Should("end-3")]
    public void An_index_comes_with_the_Content_Type_that_it_was_pushed_with()
    {
        PutManifest("all", Manifests.Index(Manifests.Descriptor(MediaTypes.Manifest, PushImage())).Bytes(), MediaTypes.Index).Is(201);
        Assert.Equal(MediaTypes.Index, Wire.Get(ManifestPath("all"), "Accept: " + MediaTypes.Index).Must("Content-Type"));
    }

    [Should("end-3")]
    public void A_manifest_is_answered_whatever_order_Accept_has()
    {
        var manifest = PushImage("v1");
        var accept = $"Accept: {MediaTypes.DockerList}, {MediaTypes.DockerManifest};q=0.9, {MediaTypes.Index}, {MediaTypes.Manifest}, */*;q=0.1";
        Assert.Equal(manifest, Wire.Get(ManifestPath("v1"), accept).Is(200).Body);
    }

    [Should("end-3")]
    public void A_manifest_is_answered_where_Accept_is_spread_over_headers()
    {
        var manifest = PushImage("v1");
        Assert.Equal(manifest, Wire.Get(ManifestPath("v1"), "Accept: " + MediaTypes.DockerManifest, "Accept: " + MediaTypes.Manifest).Is(200).Body);
    }

    [Must("end-3")]
    public void A_tag_that_is_not_there_answers_404()
    {
        PushImage("v1");
        Wire.Get(ManifestPath("v2")).Is(404);
    }

    [Must("end-3")]
    public void A_digest_that_is_not_there_answers_404()
    {
        PushImage("v1");
        Wire.Get(ManifestPath(Digest.Unknown())).Is(404);
    }

    [Must("end-3")]
    public void A_repository_that_is_not_there_answers_404()
    {
        Wire.Get(ManifestPath("v1")).Is(404);
        Wire.Head(ManifestPath("v1")).Is(404);
    }

    [Must("end-3")]
    public void A_manifest_of_another_repository_answers_404()
    {
        var other = PushImageTo(NewRepository(), "v1");
        PushImage("v1");
        Wire.Get(ManifestPath(Digest.Of(other)), "Accept: " + MediaTypes.Manifest).Is(404);
    }

    [Must("end-3")]
    public void A_HEAD_of_a_manifest_answers_200_without_a_body()
    {
        var manifest = PushImage("v1");
        Assert.Empty(Wire.Head(ManifestPath("v1"), "Accept: " + MediaTypes.Manifest).Is(200).Body);
        Assert.Empty(Wire.Head(ManifestPath(Digest.Of(manifest)), "Accept: " + MediaTypes.Manifest).Is(200).Body);
    }

    [Should("end-3")]
    public void A_HEAD_of_a_manifest_tells_its_digest_and_Content_Length()
    {
        var manifest = PushImage("v1");
        var answer = Wire.Head(ManifestPath("v1"), "Accept: " + MediaTypes.Manifest);
        Assert.Equal(Digest.Of(manifest), answer.Must("Docker-Content-Digest"));
        Assert.Equal(manifest.Length.ToString(), answer.Must("Content-Length"));
    }

    [Should("RFC9110-9.3.2")]
    public void A_HEAD_of_a_manifest_has_the_headers_of_its_GET()
    {
        PushImage("v1");
        var (get, head) = (Wire.Get(ManifestPath("v1"), "Accept: " + MediaTypes.Manifest), Wire.Head(ManifestPath("v1"), "Accept: " + MediaTypes.Manifest));
        foreach (var header in (string[])["Content-Type", "Content-Length", "ETag", "Docker-Content-Digest"])
            Assert.Equal(get[header], head[header]);
    }

    [Must("end-3")]
    public void A_HEAD_of_a_manifest_that_is_not_there_answers_404_without_a_body() => Assert.Empty(Wire.Head(ManifestPath(Digest.Unknown())).Is(404).Body);

    [Must("RFC9110-13.1.2")]
    public void If_None_Match_of_a_manifests_ETag_answers_304()
    {
        PushImage("v1");
        var tag = Wire.Get(ManifestPath("v1"), "Accept: " + MediaTypes.Manifest).Must("ETag");
        Assert.Empty(Wire.Get(ManifestPath("v1"), "Accept: " + MediaTypes.Manifest, "If-None-Match: " + tag).Is(304).Body);
        PushImage("v1");
        Wire.Get(ManifestPath("v1"), "Accept: " + MediaTypes.Manifest, "If-None-Match: " + tag).Is(200);
    }

    [Must("end-3")]
    public void A_reference_that_is_neither_tag_nor_digest_is_refused()
    {
        PushImage("v1");
        Wire.Get(ManifestPath("-v1")).Is(400, 404);
        Wire.Get(ManifestPath(".v1")).Is(400, 404);
        Wire.Get(ManifestPath(new string('a', 129))).Is(400, 404);
        Wire.Get(ManifestPath("sha256:12")).Is(400, 404);
    }
}
