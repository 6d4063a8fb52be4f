using Naru.Conformance.Tests.Content;
using Naru.Conformance.Tests.Servers;

namespace Naru.Conformance.Tests.BadInput;

/// <summary>Names, tags, digests and ids that are none, in every path and query that takes one.</summary>
[Collection(HubCollection.Name)]
public sealed class HubNameTests(HubServer server) : HubInput(server)
{
    public static TheoryData<string> BadNames =>
    [
        "..", "a/../b", "a/%2e%2e/b", "%2e%2e/%2e%2e/etc/passwd", ".", "a/./b", "a%2fb", "a%2Fb", "a%5c..%5cb", "a\\b", "a%00b", "%c0%ae%c0%ae/x", "%ff%fe", "a//b", "/a", "a/",
        "A", "a b", "a%20b", "a+b", "a:b", "a@b", "a%0d%0aX-Evil:%201", "%3Cscript%3Ealert(1)%3C/script%3E", "a'%20OR%20'1'='1", "a';DROP%20TABLE%20repository;--", "$(id)", "a%", "a%zz",
        "%F0%9F%98%80", new string('a', 256), "a/" + new string('b', 10_000), string.Join('/', Enumerable.Repeat("a", 200)), "-", "_", "a..b", "a.-b",
    ];

    public static TheoryData<string> BadTags =>
        [new string('a', 300), new string('a', 129), ".", "-a", "a%20b", "a%2fb", "%00", "a'--", "%3Cscript%3E", "%F0%9F%98%80", "a%0d%0ab", "@", "a@b", "sha256%3A", "%2e%2e"];

    public static TheoryData<string> BadDigests =>
    [
        "sha256:", "sha256:abc", "sha256:" + new string('A', 64), "sha256:" + new string('g', 64), "sha256:" + new string('a', 65), "sha512:" + new string('a', 64), "md5:" + new string('a', 32),
        "sha256:../../../../etc/passwd", "sha256%3a..%2f..%2fetc%2fpasswd", ":", "a:b:c", "sha256:%00", "sha256:" + new string('a', 5000), "sha256:'%20OR%201=1--",
    ];

    [Theory]
    [MemberData(nameof(BadNames))]
    public void A_name_that_is_none_is_refused_wherever_it_stands(string name)
    {
        PushImage("v1");
        var digest = Digest.Unknown();
        foreach (var path in (string[])[$"manifests/v1", $"blobs/{digest}", "tags/list", $"referrers/{digest}", "blobs/uploads/" + Guid.NewGuid()])
            Sane(Wire.Get($"/v2/{name}/{path}")).Is(400, 404, 414);
        Sane(Wire.Post($"/v2/{name}/blobs/uploads/")).Is(400, 404, 414);
        Sane(Wire.Put($"/v2/{name}/manifests/v1", NewImage().Bytes(), "Content-Type: " + MediaTypes.Manifest)).Is(400, 404, 414);
        Sane(Wire.Delete($"/v2/{name}/manifests/v1")).Is(400, 404, 414);
        Sane(Wire.Delete($"/v2/{name}/blobs/{digest}")).Is(400, 404, 414);
    }

    [Theory]
    [MemberData(nameof(BadNames))]
    public void A_mount_from_a_name_that_is_none_begins_an_upload_or_is_refused(string name) =>
        Assert.NotEqual(201, Sane(Wire.Post($"{Uploads}?mount={Digest.Unknown()}&from={name}")).Status);

    [Fact]
    public void Dots_in_a_path_never_lead_to_another_repository()
    {
        PushImage("v1");
        Refused("NAME_INVALID", 400, Wire.Get($"/v2/x/../{Repository}/manifests/v1"));
        Refused("NAME_INVALID", 400, Wire.Get($"/v2/x/%2e%2e/{Repository}/manifests/v1"));
        Refused("NAME_INVALID", 400, Wire.Get($"/v2/./{Repository}/manifests/v1"));
    }

    [Fact]
    public void A_digest_may_be_escaped()
    {
        var digest = PushBlob(Unique(10));
        Wire.Get(BlobPath(digest.Replace(":", "%3A", StringComparison.Ordinal))).Is(200);
    }

    [Theory]
    [MemberData(nameof(BadTags))]
    public void A_tag_that_is_none_is_refused(string tag)
    {
        var manifest = NewImage().Bytes();
        Sane(Wire.Put(ManifestPath(tag), manifest, "Content-Type: " + MediaTypes.Manifest)).Is(400, 404);
        Sane(Wire.Get(ManifestPath(tag))).Is(400, 404);
        Sane(Wire.Delete(ManifestPath(tag))).Is(400, 404);
    }

    [Fact]
    public void A_tag_of_300_characters_is_TAG_INVALID() => Refused("TAG_INVALID", 400, PutManifest(new string('t', 300), NewImage().Bytes()));

    [Theory]
    [MemberData(nameof(BadDigests))]
    public void A_digest_that_is_none_is_refused_wherever_it_stands(string digest)
    {
        PushImage("v1");
        Sane(Wire.Get(BlobPath(digest))).Is(400, 404);
        Sane(Wire.Delete(BlobPath(digest))).Is(400, 404);
        Sane(Wire.Get($"/v2/{Repository}/referrers/{digest}")).Is(400, 404);
        Sane(Wire.Get(ManifestPath(digest))).Is(400, 404);
        Sane(PutManifest(digest, NewImage().Bytes())).Is(400);
        Sane(PutBlob(Unique(10), digest)).Is(400);
        Sane(Wire.Post($"{Uploads}?digest={digest}", Unique(10))).Is(400);
        Sane(Wire.Post($"{Uploads}?mount={digest}&from={Repository}")).Is(202, 400);
    }

    [Fact]
    public void An_id_of_an_upload_that_is_none_is_BLOB_UPLOAD_UNKNOWN()
    {
        Begin();
        foreach (var id in (string[])["x", "..%2f..%2fetc", "'--", "%00", new string('a', 5000), "..", "%3Cb%3E", "-1"])
        {
            Sane(Wire.Get(Uploads + id)).Is(400, 404);
            Sane(Wire.Patch(Uploads + id, Unique(1))).Is(400, 404);
            Sane(Wire.Delete(Uploads + id)).Is(400, 404);
        }
    }
}
