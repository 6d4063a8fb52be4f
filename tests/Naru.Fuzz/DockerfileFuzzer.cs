using System.Diagnostics;
using Naru.Base;
using Naru.Build.Dockerfile;
using Naru.Build.Planning;
using Naru.Oci;

namespace Naru.Fuzz;

/// <summary>Reads and plans Dockerfiles that were changed at random: nothing may come of it but a result or a <see cref="NaruException"/>, soon, in little memory.</summary>
public static class DockerfileFuzzer
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private static readonly string[] s_pieces =
    [
        "FROM busybox:naru\n", "FROM scratch AS x\n", "RUN ", "COPY ", "ADD ", "<<EOF", "<<-'E'", "EOF\n", "\\\n", "`\n", "# escape=`\n", "# check=", "# syntax=", "$", "${", "}", ":-", "##",
        "//", "%%", "\"", "'", "[\"", "\"]", "--mount=type=", "cache,", "target=/x", "--from=0", "--from=x", "--link", "ONBUILD ", "ARG ", "ENV ", "=", "\0", "\r\n", "\t", "\u00a0", "\ufeff",
        "HEALTHCHECK --interval=", "EXPOSE 1-65535\n", "99999999999999999999", "*", "**/", "é", "😀", "STOPSIGNAL ", "USER ", "VOLUME ", "WORKDIR ", "SHELL [", "LABEL ", "https://h/x.git#", "a@b:c",
    ];

    /// <param name="corpus">A folder of folders with a Dockerfile each.</param>
    /// <returns>0: all went well. 1: a Dockerfile failed; it is in the file that the output names.</returns>
    public static int Run(TimeSpan time, string corpus)
    {
        var seed = Environment.TickCount;
        var seeds = Load(corpus);
        var random = new Random(seed);
        var watch = Stopwatch.StartNew();
        var count = 0;
        while (watch.Elapsed < time)
        {
            var dockerfile = Change(seeds[random.Next(seeds.Count)], seeds, random);
            if (Fault(dockerfile) is { } fault)
            {
                var file = Path.GetTempFileName();
                File.WriteAllBytes(file, dockerfile);
                Console.Error.WriteLine($"seed {seed}, {count} before it, {file}: {fault}");
                return 1;
            }

            count++;
        }

        Console.WriteLine($"{count} Dockerfiles in {watch.Elapsed.TotalSeconds:F0} s, {GC.GetTotalMemory(true) >> 20} MB at the end");
        return 0;
    }

    /// <returns>What went wrong; null: nothing.</returns>
    public static string? Fault(byte[] dockerfile)
    {
        var work = Task.Run(() => Try(dockerfile));
        return work.Wait(s_patience) ? work.Result : "it takes too long";
    }

    /// <summary>A Dockerfile with a few random changes.</summary>
    public static byte[] Change(byte[] dockerfile, IReadOnlyList<byte[]> others, Random random) => Changes.Of(dockerfile, others, s_pieces, random);

    public static List<byte[]> Load(string corpus)
    {
        var seeds = new List<byte[]>();
        foreach (var file in Directory.EnumerateFiles(corpus, "Dockerfile", SearchOption.AllDirectories))
            seeds.Add(File.ReadAllBytes(file));
        return seeds.Count > 0 ? seeds : throw new ArgumentException($"{corpus} has no Dockerfile");
    }

    private static string? Try(byte[] dockerfile)
    {
        try
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var options = new PlanOptions { Platforms = [Platform.Host], Ignore = ["*.md", "!a/*.md"] };
            var planner = new DockerfilePlanner(new OneImage("RUN true"), dockerfile, "Dockerfile", options, default);
            try
            {
                planner.Plan(default).GetAwaiter().GetResult();
            }
            finally
            {
                _ = planner.Warnings;
                planner.Check(default).GetAwaiter().GetResult();
            }

            var used = GC.GetAllocatedBytesForCurrentThread() - before;
            return used > 2L << 30 ? $"it took {used >> 20} MB" : null;
        }
        catch (NaruException error)
        {
            // What is shown of it must be showable, too.
            _ = (error as DockerfileException)?.Shown;
            return null;
        }
        catch (Exception error)
        {
            return error.ToString();
        }
    }
}
