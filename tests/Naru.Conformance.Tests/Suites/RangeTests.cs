using Naru.Conformance.Tests.Content;
using Naru.Conformance.Tests.Requirements;
using Naru.Conformance.Tests.Servers;

namespace Naru.Conformance.Tests.Suites;

/// <summary>Ranges and conditions of RFC 9110 on blobs: "A registry SHOULD support the Range request header".</summary>
public abstract class RangeTests(RegistryServer server) : Suite(server)
{
    private readonly byte[] _blob = "0123456789"u8.ToArray();

    [Should("end-2")]
    public void A_range_from_the_middle_answers_206() => Assert.Equal("234", Part("bytes=2-4", "bytes 2-4/10"));

    [Should("end-2")]
    public void A_range_without_an_end_answers_206() => Assert.Equal("789", Part("bytes=7-", "bytes 7-9/10"));

    [Should("end-2")]
    public void A_range_of_the_last_bytes_answers_206() => Assert.Equal("89", Part("bytes=-2", "bytes 8-9/10"));

    [Should("end-2")]
    public void A_range_beyond_the_end_is_cut_there() => Assert.Equal("89", Part("bytes=8-1000", "bytes 8-9/10"));

    [Should("end-2")]
    public void More_last_bytes_than_there_are_is_all_of_them() => Assert.Equal("0123456789", Part("bytes=-1000", "bytes 0-9/10"));

    [Should("RFC9110-15.5.17")]
    public void A_range_after_the_end_answers_416_with_the_length() =>
        Assert.Equal("bytes */10", Wire.Get(Path(), "Range: bytes=10-20").Is(416).Must("Content-Range"));

    [Must("RFC9110-14.2")]
    public void A_range_of_another_unit_is_passed_over() => Assert.Equal(_blob, Wire.Get(Path(), "Range: lines=1-2").Is(200).Body);

    [May("RFC9110-14.2")]
    public void A_range_that_is_none_is_passed_over_or_answers_416()
    {
        foreach (var range in (string[])["bytes=a-b", "bytes=5-2", "bytes", "bytes=-", "bytes=99999999999999999999-"])
            Wire.Get(Path(), "Range: " + range).Is(200, 400, 416);
    }

    [May("RFC9110-14.2")]
    public void Several_ranges_are_answered_in_parts_or_whole()
    {
        var answer = Wire.Get(Path(), "Range: bytes=0-1,4-5").Is(200, 206);
        if (answer.Status == 206)
            Assert.StartsWith("multipart/byteranges", answer.Must("Content-Type"), StringComparison.Ordinal);
        else
            Assert.Equal(_blob, answer.Body);
    }

    [Must("RFC9110-14.2")]
    public void A_range_of_a_HEAD_is_passed_over() => Assert.Equal("10", Wire.Head(Path(), "Range: bytes=2-4").Is(200).Must("Content-Length"));

    [May("RFC9110-14.3")]
    public void Accept_Ranges_says_bytes() => Assert.Equal("bytes", Wire.Get(Path()).Must("Accept-Ranges"));

    [Should("RFC9110-8.8.3")]
    public void A_blob_has_a_strong_ETag() => Assert.StartsWith("\"", Wire.Get(Path()).Must("ETag"), StringComparison.Ordinal);

    [Must("RFC9110-13.1.2")]
    public void If_None_Match_of_the_ETag_answers_304_without_a_body()
    {
        var path = Path();
        var tag = Wire.Get(path).Must("ETag");
        Assert.Empty(Wire.Get(path, $"If-None-Match: \"other\", {tag}").Is(304).Body);
        Assert.Empty(Wire.Head(path, $"If-None-Match: {tag}").Is(304).Body);
    }

    [Must("RFC9110-15.4.5")]
    public void An_answer_of_304_tells_the_ETag()
    {
        var path = Path();
        var tag = Wire.Get(path).Must("ETag");
        Assert.Equal(tag, Wire.Get(path, $"If-None-Match: {tag}").Is(304).Must("ETag"));
    }

    [Must("RFC9110-13.1.2")]
    public void If_None_Match_of_another_ETag_answers_200() => Assert.Equal(_blob, Wire.Get(Path(), "If-None-Match: \"other\"").Is(200).Body);

    [Must("RFC9110-13.1.5")]
    public void If_Range_of_the_ETag_lets_the_range_be()
    {
        var path = Path();
        Wire.Get(path, "Range: bytes=2-4", "If-Range: " + Wire.Get(path).Must("ETag")).Is(206);
    }

    [Must("RFC9110-13.1.5")]
    public void If_Range_of_another_ETag_answers_the_whole() => Assert.Equal(_blob, Wire.Get(Path(), "Range: bytes=2-4", "If-Range: \"other\"").Is(200).Body);

    [Must("RFC9110-15.3.7")]
    public void A_pull_that_was_cut_goes_on_by_a_range()
    {
        var blob = Unique(300_000);
        var path = BlobPath(PushBlob(blob));
        var first = Wire.Get(path, "Range: bytes=0-99999").Is(206).Body;
        Assert.Equal(blob, first.Concat(Wire.Get(path, "Range: bytes=100000-").Is(206).Body));
    }

    private string Path() => BlobPath(PushBlob(_blob));

    private string Part(string range, string told)
    {
        var answer = Wire.Get(Path(), "Range: " + range).Is(206);
        Assert.Equal(told, answer.Must("Content-Range"));
        return answer.Text;
    }
}
