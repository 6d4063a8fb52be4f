using System.Diagnostics;
using System.Globalization;
using Naru.Fuzz;

namespace Naru.Tests.Hub.Registry;

public sealed class ManifestFuzzTests
{
    /// <summary>NARU_FUZZ_SECONDS makes it longer; a failure names the seed that repeats it.</summary>
    [Fact]
    public void A_manifest_changed_at_random_is_read_or_refused_but_never_more()
    {
        var seconds = int.Parse(Environment.GetEnvironmentVariable("NARU_FUZZ_SECONDS") ?? "1", CultureInfo.InvariantCulture);
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(seconds);)
        {
            var (manifest, type) = ManifestFuzzer.Next(random);
            var fault = ManifestFuzzer.Fault(manifest, type);
            Assert.True(fault is null, $"seed {seed}, Content-Type {type}: {fault}\n{Convert.ToBase64String(manifest)}");
        }
    }
}
