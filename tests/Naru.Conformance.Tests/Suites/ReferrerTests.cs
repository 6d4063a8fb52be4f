using System.Text.Json.Nodes;
using Naru.Conformance.Tests.Content;
using Naru.Conformance.Tests.Requirements;
using Naru.Conformance.Tests.Servers;

namespace Naru.Conformance.Tests.Suites;

/// <summary>"Listing Referrers".</summary>
public abstract class ReferrerTests(RegistryServer server) : Suite(server)
{
    private const string Sbom = "application/vnd.example.sbom.v1+json";

    private const string Signature = "application/vnd.example.signature.v1";

    [Must("end-12a")]
    public void A_manifest_without_referrers_answers_200_and_an_empty_index()
    {
        var answer = Wire.Get(Referrers(Digest.Of(PushImage("v1")))).Is(200);
        Assert.Empty(Assert.IsType<JsonArray>(answer.Json["manifests"]));
        Assert.Equal(2, (int?)answer.Json["schemaVersion"]);
    }

    [Must("end-12a")]
    public void A_manifest_that_is_not_there_answers_200_and_an_empty_index()
    {
        PushImage("v1");
        Assert.Empty(List(Referrers(Digest.Unknown())));
    }

    [Must("end-12a")]
    public void The_Content_Type_is_an_indexs()
    {
        PushImage("v1");
        Assert.Equal(MediaTypes.Index, Wire.Get(Referrers(Digest.Unknown())).Is(200).Must("Content-Type"));
    }

    [Must("end-12a")]
    public void A_digest_that_is_none_answers_400()
    {
        PushImage("v1");
        Wire.Get(Referrers("sha256:abc")).Is(400);
        Wire.Get(Referrers("latest")).Is(400);
    }

    [Must("end-12a")]
    public void A_referrer_is_told_with_its_digest_size_and_type()
    {
        var subject = Subject();
        var artifact = Refer(NewArtifact(Sbom, subject));
        var found = Assert.Single(List(Referrers(subject)));
        Assert.Equal(Digest.Of(artifact), (string?)found["digest"]);
        Assert.Equal(artifact.Length, (int?)found["size"]);
        Assert.Equal(MediaTypes.Manifest, (string?)found["mediaType"]);
    }

    [Must("end-12a")]
    public void The_artifactType_is_the_manifests_own()
    {
        var subject = Subject();
        Refer(NewArtifact(Sbom, subject));
        Assert.Equal(Sbom, (string?)Assert.Single(List(Referrers(subject)))["artifactType"]);
    }

    [Must("end-12a")]
    public void Without_an_artifactType_it_is_the_configs_media_type()
    {
        var subject = Subject();
        var image = NewImage();
        image["subject"] = subject.DeepClone();
        Refer(image);
        Assert.Equal(MediaTypes.Config, (string?)Assert.Single(List(Referrers(subject)))["artifactType"]);
    }

    [Must("end-12a")]
    public void An_index_without_an_artifactType_is_told_without_one()
    {
        var subject = Subject();
        var index = Manifests.Index(Manifests.Descriptor(MediaTypes.Manifest, PushImage()));
        index["subject"] = subject.DeepClone();
        Refer(index, MediaTypes.Index);
        var found = Assert.Single(List(Referrers(subject)));
        Assert.Equal(MediaTypes.Index, (string?)found["mediaType"]);
        Assert.Null(found["artifactType"]);
    }

    [Must("end-12a")]
    public void An_index_with_an_artifactType_is_told_with_it()
    {
        var subject = Subject();
        var index = Manifests.Index();
        index["subject"] = subject.DeepClone();
        index["artifactType"] = Sbom;
        Refer(index, MediaTypes.Index);
        Assert.Equal(Sbom, (string?)Assert.Single(List(Referrers(subject)))["artifactType"]);
    }

    [Must("end-12a")]
    public void The_annotations_are_told()
    {
        var subject = Subject();
        var artifact = NewArtifact(Sbom, subject);
        Refer(artifact);
        Assert.True(JsonNode.DeepEquals(artifact["annotations"], Assert.Single(List(Referrers(subject)))["annotations"]));
    }

    [Must("end-12a")]
    public void A_referrer_that_came_before_its_subject_is_told()
    {
        var image = NewImage().Bytes();
        var artifact = Refer(NewArtifact(Sbom, Manifests.Descriptor(MediaTypes.Manifest, image)));
        Assert.Equal(Digest.Of(artifact), (string?)Assert.Single(List(Referrers(Digest.Of(image))))["digest"]);
        PutManifest("v1", image).Is(201);
        Assert.Equal(Digest.Of(artifact), (string?)Assert.Single(List(Referrers(Digest.Of(image))))["digest"]);
    }

    [Must("end-12a")]
    public void A_referrer_pushed_by_a_tag_is_told_too()
    {
        var subject = Subject();
        var artifact = NewArtifact(Sbom, subject).Bytes();
        PutManifest("sbom", artifact).Is(201);
        Assert.Equal(Digest.Of(artifact), (string?)Assert.Single(List(Referrers(subject)))["digest"]);
    }

    [Must("end-12a")]
    public void A_referrer_pushed_twice_is_told_once()
    {
        var subject = Subject();
        var artifact = NewArtifact(Sbom, subject);
        Refer(artifact);
        Refer(artifact);
        Assert.Single(List(Referrers(subject)));
    }

    [Must("end-12a")]
    public void A_deleted_referrer_is_told_no_more()
    {
        var subject = Subject();
        var artifact = Refer(NewArtifact(Sbom, subject));
        Wire.Delete(ManifestPath(Digest.Of(artifact))).Is(202);
        Assert.Empty(List(Referrers(subject)));
    }

    [Must("end-12a")]
    public void A_referrer_of_another_repository_is_not_told()
    {
        var subject = Subject();
        Refer(NewArtifact(Sbom, subject));
        var other = NewRepository();
        PushImageTo(other, "v1");
        Assert.Empty(Assert.IsType<JsonArray>(Wire.Get($"/v2/{other}/referrers/{subject["digest"]}").Is(200).Json["manifests"]));
    }

    [Must("end-12a")]
    public void A_referrer_of_a_referrer_is_told_with_it_alone()
    {
        var subject = Subject();
        var sbom = Refer(NewArtifact(Sbom, subject));
        var signature = Refer(NewArtifact(Signature, Manifests.Descriptor(MediaTypes.Manifest, sbom)));
        Assert.Equal(Digest.Of(sbom), (string?)Assert.Single(List(Referrers(subject)))["digest"]);
        Assert.Equal(Digest.Of(signature), (string?)Assert.Single(List(Referrers(Digest.Of(sbom))))["digest"]);
    }

    [Must("end-12a")]
    public void Forty_referrers_are_told_over_all_pages()
    {
        var subject = Subject();
        var pushed = new HashSet<string>();
        for (var count = 0; count < 40; count++)
            pushed.Add(Digest.Of(Refer(NewArtifact(count % 2 == 0 ? Sbom : Signature, subject))));
        Assert.Equal(pushed, List(Referrers(subject)).Select(found => (string)found["digest"]!).ToHashSet());
    }

    [Should("end-12b")]
    public void A_filter_on_the_artifactType_is_applied()
    {
        var subject = Subject();
        Refer(NewArtifact(Sbom, subject));
        var wanted = Refer(NewArtifact(Signature, subject));
        var found = Assert.Single(List($"{Referrers(subject)}?artifactType={Uri.EscapeDataString(Signature)}"));
        Assert.Equal(Digest.Of(wanted), (string?)found["digest"]);
    }

    [Should("end-12b")]
    public void A_filter_on_a_configs_media_type_is_applied()
    {
        var subject = Subject();
        Refer(NewArtifact(Sbom, subject));
        var image = NewImage();
        image["subject"] = subject.DeepClone();
        var wanted = Refer(image);
        var found = Assert.Single(List($"{Referrers(subject)}?artifactType={Uri.EscapeDataString(MediaTypes.Config)}"));
        Assert.Equal(Digest.Of(wanted), (string?)found["digest"]);
    }

    [Must("end-12b")]
    public void A_filter_that_is_applied_is_told_in_OCI_Filters_Applied()
    {
        var subject = Subject();
        Assert.Equal("artifactType", Wire.Get($"{Referrers(subject)}?artifactType={Uri.EscapeDataString(Sbom)}").Is(200).Must("OCI-Filters-Applied"));
    }

    [Must("end-12b")]
    public void Without_a_filter_no_OCI_Filters_Applied_is_told() => Assert.Null(Wire.Get(Referrers(Subject())).Is(200)["OCI-Filters-Applied"]);

    [Must("end-12b")]
    public void A_filter_that_nothing_matches_answers_200_and_an_empty_index()
    {
        var subject = Subject();
        Refer(NewArtifact(Sbom, subject));
        Assert.Empty(List($"{Referrers(subject)}?artifactType=application/none"));
    }

    private string Referrers(string digest) => $"/v2/{Repository}/referrers/{digest}";

    private string Referrers(JsonObject subject) => Referrers((string)subject["digest"]!);

    /// <summary>The descriptor of a pushed image.</summary>
    private JsonObject Subject() => Manifests.Descriptor(MediaTypes.Manifest, PushImage("v1"));

    private byte[] Refer(JsonObject manifest, string mediaType = MediaTypes.Manifest)
    {
        var bytes = manifest.Bytes();
        PutManifest(Digest.Of(bytes), bytes, mediaType).Is(201);
        return bytes;
    }

    /// <summary>The descriptors of all pages.</summary>
    private List<JsonNode> List(string path)
    {
        var found = new List<JsonNode>();
        for (string? next = path; next is not null;)
        {
            var answer = Wire.Get(next).Is(200);
            foreach (var descriptor in Assert.IsType<JsonArray>(answer.Json["manifests"]))
                found.Add(descriptor!);
            next = answer["Link"] is { } link ? PathOf(link[1..link.IndexOf('>', StringComparison.Ordinal)]) : null;
        }
        return found;
    }
}
