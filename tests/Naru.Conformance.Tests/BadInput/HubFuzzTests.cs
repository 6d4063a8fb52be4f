using System.Diagnostics;
using System.Globalization;
using System.Text;
using Naru.Conformance.Tests.Servers;
using Naru.Fuzz;

namespace Naru.Conformance.Tests.BadInput;

/// <summary>Requests changed at random; <see cref="HubInput"/> looks at what the server said of them.</summary>
[Collection(HubCollection.Name)]
public sealed class HubFuzzTests(HubServer server) : HubInput(server)
{
    /// <summary>NARU_FUZZ_SECONDS makes it longer; a failure names the seed that repeats it.</summary>
    [Fact]
    public void A_request_changed_at_random_does_no_harm()
    {
        var seconds = int.Parse(Environment.GetEnvironmentVariable("NARU_FUZZ_SECONDS") ?? "3", CultureInfo.InvariantCulture);
        var seed = Environment.TickCount;
        var fuzzer = new RequestFuzzer(Wire.Port, new Random(seed));
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(seconds);)
        {
            if (fuzzer.Next() is var (request, why))
                Assert.Fail($"seed {seed}: {why}\n{Convert.ToBase64String(request)}\n{Encoding.Latin1.GetString(request)}");
        }
    }
}
