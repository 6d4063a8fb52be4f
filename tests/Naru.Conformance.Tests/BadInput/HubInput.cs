using System.Text.Json.Nodes;
using Naru.Conformance.Tests.Http;
using Naru.Conformance.Tests.Servers;
using Naru.Conformance.Tests.Suites;

namespace Naru.Conformance.Tests.BadInput;

/// <summary>Bad input to naru-hub: whatever comes, the answer is the spec's, soon, and tells nothing of the inside; after each test the server is well.</summary>
public abstract class HubInput(HubServer server) : Suite(server), IDisposable
{
    private readonly int _before = server.Said.Length;

    public void Dispose()
    {
        Wire.Get("/v2/").Is(200);
        var said = Server.Said[_before..];
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
        GC.SuppressFinalize(this);
    }

    /// <summary>The answer is no failure of the server, and a refusal has the spec's form without a trace of the program.</summary>
    private protected static Answer Sane(Answer answer)
    {
        Assert.InRange(answer.Status, 200, 499);
        if (answer.Status >= 400 && answer.Body.Length > 0)
        {
            Assert.Equal("application/json", answer.Must("Content-Type"));
            Assert.Equal("nosniff", answer.Must("X-Content-Type-Options"));
            var error = Assert.Single(Assert.IsType<JsonArray>(answer.Json["errors"]))!;
            Assert.Matches("^[A-Z_]+$", (string?)error["code"]);
            Assert.DoesNotContain("Exception", answer.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", answer.Text, StringComparison.Ordinal);
            Assert.DoesNotContain('<', answer.Text);
            Assert.True(answer.Body.Length < 2000, $"too much is said: {answer}");
        }
        return answer;
    }

    private protected static void Refused(string code, int status, Answer answer)
    {
        Sane(answer).Is(status);
        Assert.Equal([code], answer.Codes);
    }

    /// <summary>How many files there are below the server's data, its database aside.</summary>
    private protected int Files() =>
        Directory.EnumerateFiles(((HubServer)Server).Data, "*", SearchOption.AllDirectories).Count(path => !Path.GetFileName(path).Contains(".db", StringComparison.Ordinal));
}
