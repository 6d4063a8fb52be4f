using Naru.Conformance.Tests.Content;
using Naru.Conformance.Tests.Requirements;
using Naru.Conformance.Tests.Servers;

namespace Naru.Conformance.Tests.Suites;

/// <summary>"Error Codes": the form of a refusal, and which code goes with which.</summary>
public abstract class ErrorTests(RegistryServer server) : Suite(server)
{
    private static readonly string[] s_codes =
    [
        "BLOB_UNKNOWN", "BLOB_UPLOAD_INVALID", "BLOB_UPLOAD_UNKNOWN", "DIGEST_INVALID", "MANIFEST_BLOB_UNKNOWN", "MANIFEST_INVALID", "MANIFEST_UNKNOWN",
        "NAME_INVALID", "NAME_UNKNOWN", "SIZE_INVALID", "UNAUTHORIZED", "DENIED", "UNSUPPORTED", "TOOMANYREQUESTS",
    ];

    [Must("codes")]
    public void A_refusal_in_JSON_has_errors_with_codes_of_the_spec()
    {
        PushImage("v1");
        foreach (var answer in (Http.Answer[])[
            Wire.Get(BlobPath(Digest.Unknown())), Wire.Get(ManifestPath("v2")), Wire.Get(ManifestPath(Digest.Unknown())), Wire.Get($"/v2/{NewRepository()}/tags/list"),
            PutBlob(Unique(1), Digest.Unknown()), PutManifest("v1", "{"u8.ToArray()), Wire.Get($"{Uploads}{Guid.NewGuid()}"), Wire.Delete(BlobPath(Digest.Unknown())),
            Wire.Get($"/v2/{Repository}/tags/list?n=x"), Wire.Patch(Begin(), Unique(10), "Content-Range: 5-14"), Wire.Get(ManifestPath("-")), Wire.Put(Begin(), Unique(1))])
        {
            if (answer.Status < 400)
                continue; // what is let through is another requirement's business
            Assert.InRange(answer.Status, 400, 499);
            if (answer.Must("Content-Type").StartsWith("application/json", StringComparison.Ordinal))
                Assert.NotEmpty(answer.Codes);
            Assert.All(answer.Codes, code => Assert.Contains(code, s_codes));
        }
    }

    [Should("codes")]
    public void The_message_of_an_error_is_text_for_people()
    {
        var error = Wire.Get(BlobPath(Digest.Unknown())).Is(404).Json["errors"]![0]!;
        Assert.Contains(' ', (string)error["message"]!);
    }

    [Should("code-1")]
    public void A_blob_that_is_not_there_is_BLOB_UNKNOWN()
    {
        PushBlob(Unique(10));
        Says("BLOB_UNKNOWN", Wire.Get(BlobPath(Digest.Unknown())));
    }

    [Should("code-3")]
    public void An_upload_that_is_not_there_is_BLOB_UPLOAD_UNKNOWN() => Says("BLOB_UPLOAD_UNKNOWN", Wire.Get($"{Uploads}{Guid.NewGuid()}"));

    [Should("code-4")]
    public void Bytes_of_another_digest_are_DIGEST_INVALID() => Says("DIGEST_INVALID", PutBlob(Unique(10), Digest.Unknown()));

    [Should("code-4")]
    public void A_manifest_of_another_digest_is_DIGEST_INVALID() => Says("DIGEST_INVALID", PutManifest(Digest.Unknown(), NewImage().Bytes()));

    [Should("code-4")]
    public void A_digest_that_is_none_is_DIGEST_INVALID() => Says("DIGEST_INVALID", PutBlob(Unique(10), "sha256:abc"));

    [Should("code-6")]
    public void A_manifest_that_is_no_JSON_is_MANIFEST_INVALID() => Says("MANIFEST_INVALID", PutManifest("v1", "{"u8.ToArray()));

    [Should("code-6")]
    public void A_manifest_without_its_config_is_MANIFEST_INVALID()
    {
        var manifest = NewImage();
        manifest.Remove("config");
        var answer = PutManifest("v1", manifest.Bytes()).Is(400);
        Assert.True(answer.Codes.Contains("MANIFEST_INVALID") || answer.Codes.Contains("MANIFEST_BLOB_UNKNOWN"), answer.ToString());
    }

    [Should("code-7")]
    public void A_tag_that_is_not_there_is_MANIFEST_UNKNOWN()
    {
        PushImage("v1");
        Says("MANIFEST_UNKNOWN", Wire.Get(ManifestPath("v2")));
    }

    [Should("code-7")]
    public void A_manifest_that_is_not_there_is_MANIFEST_UNKNOWN()
    {
        PushImage("v1");
        Says("MANIFEST_UNKNOWN", Wire.Get(ManifestPath(Digest.Unknown())));
        Says("MANIFEST_UNKNOWN", Wire.Delete(ManifestPath(Digest.Unknown())));
    }

    [Should("code-9")]
    public void The_tags_of_a_repository_that_is_not_there_are_NAME_UNKNOWN() => Says("NAME_UNKNOWN", Wire.Get($"/v2/{Repository}/tags/list"));

    [Must("warnings")]
    public void A_Warning_has_code_299_and_no_date()
    {
        if (Wire.Get(BlobPath(PushBlob(Unique(10))))["Warning"] is { } warning)
            Assert.Matches("^299 - \"[^\"]*\"$", warning);
    }

    private static void Says(string code, Http.Answer answer)
    {
        Assert.InRange(answer.Status, 400, 499);
        Assert.Contains(code, answer.Codes);
    }
}
