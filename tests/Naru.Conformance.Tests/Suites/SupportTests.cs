using Naru.Conformance.Tests.Content;
using Naru.Conformance.Tests.Requirements;
using Naru.Conformance.Tests.Servers;

namespace Naru.Conformance.Tests.Suites;

/// <summary>"Determining Support", and what Docker's clients look for there.</summary>
public abstract class SupportTests(RegistryServer server) : Suite(server)
{
    [Must("end-1")]
    public void A_GET_of_v2_answers_200() => Wire.Get("/v2/").Is(200);

    [Should("Docker")]
    public void Docker_Distribution_API_Version_is_told() => Assert.Equal("registry/2.0", Wire.Get("/v2/").Is(200).Must("Docker-Distribution-API-Version"));

    [Must("end-1")]
    public void A_path_that_is_no_end_point_answers_404() => Wire.Get($"/v2/{Repository}/nothing").Is(404);

    [Must("RFC9110-9.1")]
    public void A_method_that_is_not_there_answers_405_or_501() => Wire.Send("BREW", $"/v2/{Repository}/tags/list").Is(405, 501);

    [Must("RFC9110-15.5.6")]
    public void An_answer_of_405_says_what_is_allowed() => Assert.Contains("GET", Wire.Put($"/v2/{Repository}/tags/list").Is(405).Must("Allow"), StringComparison.Ordinal);

    [Must("RFC9112-3.2")]
    public void A_request_without_Host_answers_400()
    {
        using var connection = new Http.Connection(Wire.Port);
        connection.Write("GET /v2/ HTTP/1.1\r\nConnection: close\r\n\r\n");
        new Http.Answer("GET /v2/ without Host", connection.ReadToEnd(), false).Is(400);
    }

    [Must("RFC9112-9.3")]
    public void A_connection_serves_one_request_after_another()
    {
        using var connection = new Http.Connection(Wire.Port);
        for (var count = 0; count < 3; count++)
        {
            connection.Write(Wire.RequestHead("GET", BlobPath(Digest.Unknown()), null, "Connection: keep-alive"));
            Assert.StartsWith("HTTP/1.1 404", connection.ReadSome(), StringComparison.Ordinal);
        }
    }
}
