using System.Globalization;

namespace Naru.Chain.Tests;

/// <summary>Many containers come and go; every count of what they could leave is where it was.</summary>
public sealed class LeftoverTests(Engine engine) : IClassFixture<Engine>
{
    /// <summary>CI asks for 200 by NARU_RUNS.</summary>
    private static readonly int Runs = int.TryParse(Environment.GetEnvironmentVariable("NARU_RUNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var runs) ? runs : 100;

    [ChainFact]
    public void Many_runs_at_ten_at_a_time_leave_nothing()
    {
        Run(20); // what is made once for all, is made: connections, threads, the bridge
        var before = engine.Settled();
        var held = Held();
        Run(Runs);
        Dictionary<string, int> after = [];
        Command.Holds(() => (after = engine.Leftovers()).SequenceEqual(before), 10);
        Assert.Equal(before, after);
        foreach (var (program, (descriptors, threads, zombies)) in held)
        {
            var now = engine.Held(program);
            Command.Holds(() => (now = engine.Held(program)).Descriptors <= descriptors && now.Zombies <= zombies, 10);
            // A pool may hold a few more than at the moment that was counted; a leak would hold one a run.
            Assert.True(now.Descriptors <= descriptors + 8, $"{program}: {descriptors} descriptors before, {now.Descriptors} after {Runs} runs");
            Assert.True(now.Threads <= threads + 8, $"{program}: {threads} threads before, {now.Threads} after {Runs} runs");
            Assert.True(now.Zombies <= zombies, $"{program}: {now.Zombies} children that nobody waited for");
        }
    }

    [ChainFact]
    public void Failed_starts_leave_nothing()
    {
        engine.Must("run", "--rm", Engine.Image, "true");
        var before = engine.Settled();
        Assert.Equal(127, engine.Naru("run", "--rm", Engine.Image, "no-such-program").Code);
        Assert.Equal(126, engine.Naru("run", "--rm", Engine.Image, "/etc").Code);
        Assert.Equal(125, engine.Naru("run", "--rm", "-v", "/no/such:/x:bad", Engine.Image, "true").Code);
        Assert.NotEqual(0, engine.Naru("run", "--rm", "-w", "/bin/busybox", Engine.Image, "true").Code);
        Assert.Equal(125, engine.Naru("run", "--rm", "-p", "192.0.2.1:80:80", Engine.Image, "true").Code);
        Dictionary<string, int> after = [];
        Command.Holds(() => (after = engine.Leftovers()).SequenceEqual(before), 10);
        Assert.Equal(before, after);
    }

    private Dictionary<string, (int Descriptors, int Threads, int Zombies)> Held() =>
        new[] { "narud", "naru-containerd" }.ToDictionary(program => program, engine.Held);

    private void Run(int count) => Parallel.For(0, count, new() { MaxDegreeOfParallelism = 10 }, i =>
        Assert.Equal(new(0, $"{i}\n", ""), engine.Naru("run", "--rm", Engine.Image, "echo", i.ToString(CultureInfo.InvariantCulture))));
}
