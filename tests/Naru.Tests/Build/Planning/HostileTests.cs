using System.Diagnostics;
using System.Text;
using Naru.Base;
using Naru.Build.Planning;

namespace Naru.Tests.Build.Planning;

/// <summary>Dockerfiles made to take time or memory without end: each is planned or refused soon.</summary>
public class HostileTests
{
    public static TheoryData<string, string> Dockerfiles => new()
    {
        { "a line of 10 MB", "FROM busybox:naru\nRUN echo " + new string('x', 4 << 20) },
        { "a word of 10 MB", "FROM busybox:naru\nENV a=\"" + new string('x', 4 << 20) + "\"" },
        { "continuations", "FROM busybox:naru\nRUN x" + Repeat(" \\\n", 100_000) },
        { "ONBUILD in ONBUILD", "FROM busybox:naru\n" + Repeat("ONBUILD ", 50_000) + "RUN x" },
        { "instructions", "FROM busybox:naru\n" + Repeat("RUN x\n", 100_000) },
        { "layers", "FROM busybox:naru\n" + Repeat("RUN x\n", 1_000) },
        { "arguments and RUNs", "FROM busybox:naru\n" + string.Concat(Enumerable.Range(0, 2_000).Select(n => $"ARG a{n}\nUSER x\n")) + "RUN x" },
        { "stages", "FROM busybox:naru AS s0\n" + string.Concat(Enumerable.Range(1, 2_000).Select(n => $"FROM s{n - 1} AS s{n}\nUSER x\n")) },
        { "stages that copy", "FROM scratch AS s0\n" + string.Concat(Enumerable.Range(1, 2_000).Select(n => $"FROM scratch AS s{n}\nCOPY --from=s{n - 1} / /\n")) },
        { "heredocs", "FROM busybox:naru\nCOPY " + Repeat("<<a ", 20_000) + "/\n" + Repeat("a\n", 20_000) },
        { "variables", "FROM busybox:naru\nENV x=" + string.Concat(Enumerable.Range(0, 50_000).Select(n => $"$a{n}")) },
        { "doubled variables", "FROM busybox:naru\nENV a=xxxxxxxxxxxxxxxx\n" + Repeat("ENV a=$a$a\n", 100) },
        { "ports", "FROM busybox:naru\nEXPOSE " + Repeat("1-65535 ", 10_000) },
        { "port lines", "FROM busybox:naru\n" + Repeat("EXPOSE 1-65535\n", 100) },
        { "nested variables", "FROM busybox:naru\nENV a=" + Repeat("${a:-", 50_000) },
        { "warnings", "FROM busybox:naru AS A\n" + Repeat("cmd $x\n", 9_000) },
        { "JSON", "FROM busybox:naru\nCMD " + Repeat("[", 200_000) },
    };

    [Theory]
    [MemberData(nameof(Dockerfiles))]
    public async Task A_hostile_Dockerfile_is_planned_or_refused_soon(string what, string dockerfile)
    {
        var time = Stopwatch.StartNew();
        var before = GC.GetTotalAllocatedBytes();
        var planner = new DockerfilePlanner(new Fuzz.OneImage(), Encoding.UTF8.GetBytes(dockerfile), "Dockerfile", Plans.Options, default);
        try
        {
            foreach (var image in (await planner.Plan(default)).Images)
                _ = image.Result?.Digest;
        }
        catch (NaruException error)
        {
            // To show it must not take long either.
            _ = (error as Naru.Build.Dockerfile.DockerfileException)?.Shown;
        }

        _ = (await planner.Check(default)).ToText();
        Assert.True(time.Elapsed < TimeSpan.FromSeconds(10), $"{what}: {time.Elapsed}");
        Assert.True(GC.GetTotalAllocatedBytes() - before < 4L << 30, $"{what}: {(GC.GetTotalAllocatedBytes() - before) >> 20} MB");
    }

    private static string Repeat(string text, int times) => new StringBuilder(text.Length * times).Insert(0, text, times).ToString();
}
