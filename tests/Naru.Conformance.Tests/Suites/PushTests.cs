using System.Text;
using System.Text.Json.Nodes;
using Naru.Conformance.Tests.Content;
using Naru.Conformance.Tests.Requirements;
using Naru.Conformance.Tests.Servers;

namespace Naru.Conformance.Tests.Suites;

/// <summary>"Pushing Manifests".</summary>
public abstract class PushTests(RegistryServer server) : Suite(server)
{
    [Must("end-7")]
    public void A_PUT_by_tag_answers_201_with_a_Location_that_can_be_pulled()
    {
        var manifest = NewImage().Bytes();
        var location = LocationOf(PutManifest("v1", manifest).Is(201));
        Assert.Equal(manifest, Wire.Get(location, "Accept: " + MediaTypes.Manifest).Is(200).Body);
    }

    [Must("end-7")]
    public void A_PUT_by_digest_answers_201_with_a_Location_that_can_be_pulled()
    {
        var manifest = NewImage().Bytes();
        var location = LocationOf(PutManifest(Digest.Of(manifest), manifest).Is(201));
        Assert.Equal(manifest, Wire.Get(location, "Accept: " + MediaTypes.Manifest).Is(200).Body);
    }

    [Must("end-7")]
    public void The_Docker_Content_Digest_is_the_clients_own()
    {
        var manifest = NewImage().Bytes();
        Assert.Equal(Digest.Of(manifest), PutManifest("v1", manifest).Must("Docker-Content-Digest"));
        Assert.Equal(Digest.Of(manifest), PutManifest(Digest.Of(manifest), manifest).Must("Docker-Content-Digest"));
    }

    [Must("end-7")]
    public void A_PUT_by_another_digest_is_refused()
    {
        var (manifest, wrong) = (NewImage().Bytes(), Digest.Unknown());
        PutManifest(wrong, manifest).Is(400);
        Wire.Get(ManifestPath(wrong)).Is(404);
    }

    [Must("end-7")]
    public void A_manifest_is_kept_byte_for_byte()
    {
        var plain = Encoding.UTF8.GetString(NewImage().Bytes());
        var odd = Encoding.UTF8.GetBytes("\n {\t\"x-unknown\" : [1.0, 1e2, \"\\u00e9\\/é\", null],\r\n" + plain[1..].Replace(",", " ,  ", StringComparison.Ordinal) + "\n\n");
        PutManifest("odd", odd).Is(201);
        Assert.Equal(odd, Wire.Get(ManifestPath("odd"), "Accept: " + MediaTypes.Manifest).Is(200).Body);
        Assert.Equal(odd, Wire.Get(ManifestPath(Digest.Of(odd)), "Accept: " + MediaTypes.Manifest).Is(200).Body);
    }

    [Must("end-7")]
    public void The_list_of_layers_may_be_empty() => PutManifest("empty", Manifests.Image(Config()).Bytes()).Is(201);

    [Should("end-7")]
    public void Parameters_of_the_Content_Type_are_passed_over()
    {
        PutManifest("v1", NewImage().Bytes(), MediaTypes.Manifest + "; charset=utf-8").Is(201);
        Assert.Equal(MediaTypes.Manifest, Wire.Get(ManifestPath("v1"), "Accept: " + MediaTypes.Manifest).Must("Content-Type"));
    }

    [Must("end-7")]
    public void A_tag_moves_to_what_is_pushed_last()
    {
        var (first, second) = (PushImage("v1"), PushImage("v1"));
        Assert.Equal(second, Wire.Get(ManifestPath("v1"), "Accept: " + MediaTypes.Manifest).Is(200).Body);
        Assert.Equal(first, Wire.Get(ManifestPath(Digest.Of(first)), "Accept: " + MediaTypes.Manifest).Is(200).Body);
    }

    [Should("end-7")]
    public void A_manifest_of_4_megabytes_is_taken()
    {
        var manifest = Padded(4_000_000);
        PutManifest("large", manifest).Is(201);
        Assert.Equal(manifest, Wire.Get(ManifestPath("large"), "Accept: " + MediaTypes.Manifest).Is(200).Body);
    }

    [Should("end-7")]
    public void A_manifest_over_the_limit_answers_413() => PutManifest("larger", Padded(5 << 20)).Is(413);

    [Must("end-7")]
    public void A_manifest_over_the_limit_is_not_kept()
    {
        var manifest = Padded(5 << 20);
        PutManifest("larger", manifest);
        Wire.Get(ManifestPath("larger")).Is(404);
    }

    [Must("end-7")]
    public void A_manifest_refused_for_a_missing_layer_answers_MANIFEST_BLOB_UNKNOWN()
    {
        var answer = PutManifest("v1", Manifests.Image(Config(), Manifests.Descriptor(MediaTypes.Layer, Digest.Unknown(), 10)).Bytes());
        if (answer.Status != 201)
            Assert.Contains("MANIFEST_BLOB_UNKNOWN", answer.Is(400, 404).Codes);
    }

    [Must("end-7")]
    public void A_manifest_refused_for_a_missing_config_answers_MANIFEST_BLOB_UNKNOWN()
    {
        var answer = PutManifest("v1", Manifests.Image(Manifests.Descriptor(MediaTypes.Config, Digest.Unknown(), 10)).Bytes());
        if (answer.Status != 201)
            Assert.Contains("MANIFEST_BLOB_UNKNOWN", answer.Is(400, 404).Codes);
    }

    [Must("end-7")]
    public void An_index_refused_for_a_missing_manifest_answers_MANIFEST_BLOB_UNKNOWN()
    {
        PushImage("v1");
        var answer = PutManifest("all", Manifests.Index(Manifests.Descriptor(MediaTypes.Manifest, Digest.Unknown(), 10)).Bytes(), MediaTypes.Index);
        if (answer.Status != 201)
            Assert.Contains("MANIFEST_BLOB_UNKNOWN", answer.Is(400, 404).Codes);
    }

    [May("end-7")]
    public void A_manifest_that_names_a_missing_layer_is_refused() =>
        PutManifest("v1", Manifests.Image(Config(), Manifests.Descriptor(MediaTypes.Layer, Digest.Unknown(), 10)).Bytes()).Is(400, 404);

    [May("image-spec")]
    public void A_foreign_layer_with_addresses_need_not_be_here()
    {
        var foreign = Manifests.Descriptor("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", Digest.Unknown(), 10);
        foreign["urls"] = new JsonArray("https://example.org/layer");
        var manifest = Manifests.Image(DockerConfig(), foreign);
        manifest["mediaType"] = MediaTypes.DockerManifest;
        PutManifest("foreign", manifest.Bytes(), MediaTypes.DockerManifest).Is(201);
    }

    [Must("end-7")]
    public void An_index_is_taken()
    {
        var index = Manifests.Index(Manifests.Descriptor(MediaTypes.Manifest, PushImage()), Manifests.Descriptor(MediaTypes.Manifest, PushImage())).Bytes();
        PutManifest("all", index, MediaTypes.Index).Is(201);
        Assert.Equal(index, Wire.Get(ManifestPath("all"), "Accept: " + MediaTypes.Index).Is(200).Body);
    }

    [Must("end-7")]
    public void An_index_of_an_index_is_taken()
    {
        var inner = Manifests.Index(Manifests.Descriptor(MediaTypes.Manifest, PushImage())).Bytes();
        PutManifest(Digest.Of(inner), inner, MediaTypes.Index).Is(201);
        PutManifest("outer", Manifests.Index(Manifests.Descriptor(MediaTypes.Index, inner)).Bytes(), MediaTypes.Index).Is(201);
    }

    [May("image-spec")]
    public void An_index_of_nothing_is_taken() => PutManifest("none", Manifests.Index().Bytes(), MediaTypes.Index).Is(201);

    [May("Docker")]
    public void Dockers_manifest_and_list_are_taken_and_told_as_such()
    {
        var layer = Unique(10);
        PushBlob(layer);
        var manifest = Manifests.Image(DockerConfig(), Manifests.Descriptor(MediaTypes.DockerLayer, layer));
        manifest["mediaType"] = MediaTypes.DockerManifest;
        PutManifest("v2", manifest.Bytes(), MediaTypes.DockerManifest).Is(201);
        Assert.Equal(MediaTypes.DockerManifest, Wire.Get(ManifestPath("v2"), "Accept: " + MediaTypes.DockerManifest).Is(200).Must("Content-Type"));
        var part = Manifests.Descriptor(MediaTypes.DockerManifest, manifest.Bytes());
        part["platform"] = new JsonObject { ["architecture"] = "amd64", ["os"] = "linux" };
        var list = Manifests.Index(part);
        list["mediaType"] = MediaTypes.DockerList;
        PutManifest("list", list.Bytes(), MediaTypes.DockerList).Is(201);
        Assert.Equal(MediaTypes.DockerList, Wire.Get(ManifestPath("list"), "Accept: " + MediaTypes.DockerList).Is(200).Must("Content-Type"));
    }

    [Must("end-7")]
    public void An_artifact_with_an_empty_config_is_taken() => PutManifest("sbom", NewArtifact("application/vnd.example.sbom.v1").Bytes()).Is(201);

    [Must("end-7")]
    public void A_manifest_without_a_mediaType_field_is_taken_by_its_Content_Type()
    {
        var manifest = NewImage();
        manifest.Remove("mediaType");
        PutManifest("v1", manifest.Bytes()).Is(201);
        Assert.Equal(MediaTypes.Manifest, Wire.Get(ManifestPath("v1"), "Accept: " + MediaTypes.Manifest).Is(200).Must("Content-Type"));
    }

    [Must("end-7")]
    public void A_manifest_whose_subject_is_not_there_is_taken() =>
        PutManifest("early", NewArtifact("application/vnd.example.sbom.v1", Manifests.Descriptor(MediaTypes.Manifest, Digest.Unknown(), 10)).Bytes()).Is(201);

    [Must("end-7")]
    public void A_manifest_with_a_subject_answers_OCI_Subject()
    {
        var subject = Digest.Unknown();
        var answer = PutManifest("sbom", NewArtifact("application/vnd.example.sbom.v1", Manifests.Descriptor(MediaTypes.Manifest, subject, 10)).Bytes());
        Assert.Equal(subject, answer.Is(201).Must("OCI-Subject"));
    }

    [Must("end-7")]
    public void An_index_with_a_subject_answers_OCI_Subject()
    {
        var subject = Digest.Unknown();
        var index = Manifests.Index(Manifests.Descriptor(MediaTypes.Manifest, PushImage()));
        index["subject"] = Manifests.Descriptor(MediaTypes.Manifest, subject, 10);
        Assert.Equal(subject, PutManifest("all", index.Bytes(), MediaTypes.Index).Is(201).Must("OCI-Subject"));
    }

    [Must("end-7")]
    public void A_manifest_without_a_subject_answers_no_OCI_Subject() => Assert.Null(PutManifest("v1", NewImage().Bytes()).Is(201)["OCI-Subject"]);

    [May("end-7")]
    public void A_manifest_may_be_named_by_sha512()
    {
        var manifest = NewImage().Bytes();
        var digest = Digest.Sha512Of(manifest);
        PutManifest(digest, manifest).Is(201);
        Assert.Equal(manifest, Wire.Get(ManifestPath(digest), "Accept: " + MediaTypes.Manifest).Is(200).Body);
    }

    [Must("end-7")]
    public void Two_tags_of_one_manifest_are_two_tags()
    {
        var manifest = PushImage("a", "b");
        Assert.Equal(manifest, Wire.Get(ManifestPath("a"), "Accept: " + MediaTypes.Manifest).Is(200).Body);
        Assert.Equal(manifest, Wire.Get(ManifestPath("b"), "Accept: " + MediaTypes.Manifest).Is(200).Body);
    }

    /// <summary>A pushed config's descriptor as Docker names it.</summary>
    private JsonObject DockerConfig()
    {
        var config = Config();
        config["mediaType"] = MediaTypes.DockerConfig;
        return config;
    }

    /// <summary>A manifest of so many bytes.</summary>
    private byte[] Padded(int length)
    {
        var image = NewImage();
        image["annotations"] = new JsonObject { ["padding"] = "" };
        image["annotations"]!["padding"] = new string('x', length - image.Bytes().Length);
        return image.Bytes();
    }
}
