using System.Diagnostics;
using System.Globalization;
using Naru.Fuzz;
using Naru.Tests.House;

namespace Naru.Tests.Build.Dockerfile;

public class FuzzTests
{
    /// <summary>NARU_FUZZ_SECONDS makes it longer; a failure names the seed that repeats it.</summary>
    [Fact]
    public void A_Dockerfile_changed_at_random_is_read_or_refused_but_never_more()
    {
        var seconds = int.Parse(Environment.GetEnvironmentVariable("NARU_FUZZ_SECONDS") ?? "2", CultureInfo.InvariantCulture);
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var dockerfiles = DockerfileFuzzer.Load(Path.Combine(Repository.Root, "tests", "corpus"));
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(seconds);)
        {
            var changed = DockerfileFuzzer.Change(dockerfiles[random.Next(dockerfiles.Count)], dockerfiles, random);
            var fault = DockerfileFuzzer.Fault(changed);
            Assert.True(fault is null, $"seed {seed}: {fault}\n{Convert.ToBase64String(changed)}");
        }
    }
}
