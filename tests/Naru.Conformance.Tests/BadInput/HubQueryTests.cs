using Naru.Conformance.Tests.Content;
using Naru.Conformance.Tests.Servers;

namespace Naru.Conformance.Tests.BadInput;

/// <summary>Queries and headers that mean nothing, or harm.</summary>
[Collection(HubCollection.Name)]
public sealed class HubQueryTests(HubServer server) : HubInput(server)
{
    public static TheoryData<string> Evil =>
    [
        "'", "';DROP%20TABLE%20tag;--", "%27%20OR%201%3D1--", "%3Cscript%3Ealert(1)%3C/script%3E", "%00", "a%00b", "%0d%0aX-Evil:1", "%ff%fe", "%c0%af", "%", "%zz", "%u0041", "..%2f..%2f",
        "%F0%9F%98%80", "%ED%A0%80", "%25", "_", "%25%25%25", new string('x', 3000), "-1", "1e9", "%20", "+", "null", "[]", "{}",
    ];

    [Theory]
    [MemberData(nameof(Evil))]
    public void A_parameter_is_no_more_than_a_value(string value)
    {
        var digest = Digest.Of(PushImage("v1"));
        Sane(Wire.Get($"/v2/{Repository}/tags/list?last={value}")).Is(200, 400);
        Sane(Wire.Get($"/v2/{Repository}/tags/list?n={value}")).Is(200, 400);
        Sane(Wire.Get($"/v2/_catalog?last={value}&n=5")).Is(200, 400);
        Sane(Wire.Get($"/v2/_catalog?n={value}")).Is(200, 400);
        Sane(Wire.Get($"/v2/{Repository}/referrers/{digest}?artifactType={value}")).Is(200, 400);
        Sane(Wire.Get($"/v2/{Repository}/referrers/{digest}?last={value}")).Is(200, 400);
        Sane(Wire.Post($"{Uploads}?mount={value}&from={value}")).Is(202, 400);
        Sane(Wire.Post($"{Uploads}?digest={value}", Unique(1))).Is(400);
        Sane(Wire.Get($"/v2/?{value}={value}")).Is(200, 400);
        Assert.Equal(["v1"], Strings(Wire.Get($"/v2/{Repository}/tags/list").Is(200).Json["tags"]));
    }

    [Theory]
    [InlineData("1000000000")]
    [InlineData("9223372036854775807")]
    [InlineData("99999999999999999999999999999999")]
    public void A_huge_n_is_one_page(string n)
    {
        PushImage("v1");
        Assert.InRange(Strings(Wire.Get($"/v2/_catalog?n={n}").Is(200).Json["repositories"]).Count, 1, 1000);
        Assert.Equal(["v1"], Strings(Wire.Get($"/v2/{Repository}/tags/list?n={n}").Is(200).Json["tags"]));
    }

    [Fact]
    public void A_parameter_that_comes_twice_is_no_failure()
    {
        PushImage("v1");
        Sane(Wire.Get($"/v2/{Repository}/tags/list?n=1&n=2")).Is(200, 400);
        Sane(Wire.Get($"/v2/{Repository}/tags/list?last=a&last=b")).Is(200, 400);
        Sane(Finish(Begin(), $"{Digest.Unknown()}&digest={Digest.Unknown()}", Unique(10))).Is(400);
    }

    [Fact]
    public void A_thousand_parameters_are_no_failure() =>
        Sane(Wire.Get("/v2/_catalog?" + string.Join('&', Enumerable.Range(0, 1000).Select(number => $"a{number}=")))).Is(200, 400, 414);

    [Theory]
    [InlineData("bytes=0-0,1-1,2-2,3-3,4-4,5-5")]
    [InlineData("bytes=-9223372036854775808")]
    [InlineData("bytes=9223372036854775807-9223372036854775807")]
    [InlineData("bytes=0-9223372036854775807")]
    [InlineData("bytes=99999999999999999999999-")]
    [InlineData("bytes=--1")]
    [InlineData("bytes=0x1-2")]
    [InlineData("bytes= 1 - 2 ")]
    [InlineData("bytes=-0")]
    [InlineData("=")]
    public void A_Range_that_is_odd_is_answered_whole_in_part_or_416(string range)
    {
        Sane(Wire.Get(BlobPath(PushBlob(Unique(10))), "Range: " + range)).Is(200, 206, 416);
        Sane(Wire.Get(BlobPath(PushBlob([])), "Range: " + range)).Is(200, 416);
    }

    [Theory]
    [InlineData("5-14")]
    [InlineData("0-8")]
    [InlineData("0-10")]
    [InlineData("9-0")]
    [InlineData("-1-9")]
    [InlineData("0--1")]
    [InlineData("0-")]
    [InlineData("-")]
    [InlineData("a-b")]
    [InlineData("0-9223372036854775807")]
    [InlineData("9223372036854775807-0")]
    [InlineData("18446744073709551615-18446744073709551624")]
    [InlineData("+0-+9")]
    [InlineData("0 - 9")]
    [InlineData("bytes")]
    [InlineData("bytes */10")]
    [InlineData("\u0660-\u0669")]
    public void A_wrong_Content_Range_is_416_and_nothing_is_added(string range)
    {
        var location = Begin();
        Sane(Wire.Patch(location, Unique(10), "Content-Range: " + range)).Is(416);
        Assert.Equal("0-0", Wire.Get(location).Is(204).Must("Range"));
        var blob = Unique(10);
        Finish(location, Digest.Of(blob), blob).Is(201);
    }

    [Fact]
    public void Evil_headers_are_no_failure()
    {
        var path = BlobPath(PushBlob(Unique(10)));
        foreach (var header in (string[])["If-None-Match: ,,,\"", "If-None-Match: W/", "If-Range: \"", "Accept: " + new string(',', 5000), "Accept: \u00ff", "Authorization: Basic %%%", "Authorization: Basic OjpAOjo=",
            "Authorization: Bearer a.b.c", "Authorization: Bearer ", "Authorization: \u00ff", "Cookie: session='; DROP TABLE session;--", "X-Forwarded-For: '\"><script>", "Host: evil.example", "User-Agent: <script>",
            "Accept-Encoding: gzip;q=x", "If-Modified-Since: never", "Content-Type: ;;;"])
            Sane(Wire.Get(path, header)).Is(200, 206, 304, 400, 401);
    }

    [Fact]
    public void A_Host_of_the_clients_making_is_in_no_Location()
    {
        var answer = Wire.Post(Uploads, null, "Host: evil.example", "X-Forwarded-Host: evil.example").Is(202);
        Assert.DoesNotContain("evil", answer.Must("Location"), StringComparison.Ordinal);
    }
}
