using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Naru.Base;
using Naru.HubServer.Operation;

namespace Naru.Tests.Hub.Operation;

public sealed class FigureTests
{
    [Theory]
    [InlineData("/v2/", "base")]
    [InlineData("/v2/a/b/manifests/latest", "manifest")]
    [InlineData("/v2/a/blobs/sha256:00", "blob")]
    [InlineData("/v2/a/blobs/uploads/", "upload")]
    [InlineData("/v2/a/blobs/uploads/0123", "upload")]
    [InlineData("/v2/a/tags/list", "tags")]
    [InlineData("/v2/a/referrers/sha256:00", "referrers")]
    [InlineData("/v2/_catalog", "catalog")]
    [InlineData("/token", "token")]
    [InlineData("/metrics", "operation")]
    [InlineData("/search", "site")]
    public void A_request_is_of_a_kind(string path, string kind) => Assert.Equal(kind, RequestKinds.Words[(int)RequestKinds.Of(path)]);

    [Fact]
    public void Requests_are_counted_by_kind_method_and_status()
    {
        var figures = new RequestFigures();
        figures.Begin();
        figures.End(RequestKind.Manifest, "GET", 200, Stopwatch.Frequency / 50, 0, 700);
        figures.Begin();
        figures.End(RequestKind.Blob, "PROPFIND", 418, Stopwatch.Frequency * 100, 5, 0);
        var verb = Array.IndexOf(RequestFigures.Methods, "GET");
        Assert.Equal(1, figures.Count((int)RequestKind.Manifest, verb, Array.IndexOf(RequestFigures.Statuses, 200)));
        Assert.Equal(1, figures.Count((int)RequestKind.Blob, RequestFigures.Methods.Length - 1, 0));
        Assert.Equal(1, figures.Bucket((int)RequestKind.Manifest, Array.IndexOf(RequestFigures.Bounds, 0.025)));
        Assert.Equal(1, figures.Bucket((int)RequestKind.Blob, RequestFigures.Bounds.Length));
        Assert.Equal(700, figures.Sent((int)RequestKind.Manifest));
        Assert.Equal(5, figures.Received((int)RequestKind.Blob));
        Assert.Equal(1, figures.Pulls);
        Assert.Equal(0, figures.UnderWay);
    }

    [Fact]
    public void Statuses_are_in_the_order_that_they_are_searched_in() => Assert.Equal(RequestFigures.Statuses.Order(), RequestFigures.Statuses);

    [Theory]
    [InlineData("plain")]
    [InlineData("quote \" backslash \\ line\nfeed \r\t escape \u001b[31m \u007f")]
    [InlineData("한국어 ✓")]
    public void A_line_of_JSON_holds_any_text(string text)
    {
        var line = Encoding.UTF8.GetString(LogLines.Json(LogLevel.Warn, text));
        Assert.EndsWith("}\n", line, StringComparison.Ordinal);
        Assert.Equal(1, line.Count(c => c < ' '));
        Assert.Equal(text, (string?)JsonNode.Parse(line)!["msg"]);
        Assert.Equal("warn", (string?)JsonNode.Parse(line)!["level"]);
    }
}
