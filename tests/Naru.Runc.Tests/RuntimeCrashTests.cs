using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Naru.Runc.Tests;

/// <summary>The runtime is killed, starved and made to collect its garbage at the worst moments: nothing hangs, and what is left can be deleted.</summary>
public sealed class RuntimeCrashTests : IDisposable
{
    /// <summary>More are asked for by NARU_RUNS.</summary>
    private static readonly int Runs = int.TryParse(Environment.GetEnvironmentVariable("NARU_RUNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var runs) ? runs : 60;

    private readonly string _name = $"nrc-{Guid.NewGuid():N}"[..16];
    private readonly Bundle _bundle = new("sleep", "1000");

    public RuntimeCrashTests() => _bundle.Change(spec => spec["linux"]!["resources"] = new JsonObject { ["pids"] = new JsonObject { ["limit"] = 100 } });

    public void Dispose() => _bundle.Dispose();

    [ChainFact]
    public void Killed_at_any_moment_a_create_leaves_what_delete_takes_away()
    {
        var random = new Random(7);
        var whole = Stopwatch.StartNew();
        Create("first");
        var usual = whole.Elapsed.TotalMilliseconds;
        _bundle.Runtime(Programs.NaruRunc, "delete", "--force", "first");
        var cut = 0;
        for (var i = 0; i < Runs; i++)
        {
            using (var create = Command.Start(Programs.NaruRunc, ["--root", _bundle.State, "create", "--bundle", _bundle.At, Id(i)]))
            {
                Wait(random.NextDouble() * usual);
                create.Kill();
                create.WaitForExit();
            }

            cut += File.Exists(Path.Combine(_bundle.State, Id(i), "state.json")) ? 0 : 1;
            Assert.Equal(new(0, "", ""), _bundle.Runtime(Programs.NaruRunc, "delete", "--force", Id(i)));
        }

        Assert.InRange(cut, 1, Runs);
        Nothing();
    }

    [ChainFact]
    public void Killed_at_any_moment_a_start_an_exec_and_a_delete_leave_what_delete_takes_away()
    {
        var random = new Random(11);
        for (var i = 0; i < Runs / 3; i++)
        {
            Create(Id(i));
            foreach (var words in (string[][])[["start", Id(i)], ["exec", Id(i), "sleep", "1000"], ["delete", "--force", Id(i)]])
            {
                using var process = Command.Start(Programs.NaruRunc, ["--root", _bundle.State, .. words]);
                Wait(random.NextDouble() * 12);
                process.Kill();
                process.WaitForExit();
            }

            Assert.Equal(new(0, "", ""), _bundle.Runtime(Programs.NaruRunc, "delete", "--force", Id(i)));
        }

        Nothing();
    }

    [ChainFact]
    public void A_child_that_collects_its_garbage_at_every_step_starts()
    {
        var stress = new Dictionary<string, string?> { ["NARU_RUNC_STRESS"] = "collect" };
        _bundle.Change(spec => spec["process"]!["args"] = new JsonArray("echo", "started"));
        for (var i = 0; i < Runs; i++)
        {
            Assert.Equal(new(0, "started\n", ""), Command.Run(Programs.NaruRunc, ["--root", _bundle.State, "run", "--bundle", _bundle.At, Id(i)], environment: stress));
        }

        _bundle.Change(spec => spec["process"]!["args"] = new JsonArray("sleep", "1000"));
        Create("held");
        Assert.Equal(0, _bundle.Runtime(Programs.NaruRunc, "start", "held").Code);
        for (var i = 0; i < Runs; i++)
        {
            Assert.Equal(new(0, "ran\n", ""), Command.Run(Programs.NaruRunc, ["--root", _bundle.State, "exec", "held", "echo", "ran"], environment: stress));
        }

        Assert.Equal(0, _bundle.Runtime(Programs.NaruRunc, "delete", "--force", "held").Code);
        Nothing();
    }

    /// <summary>The runtime shares 24 MiB with a program that fills the page cache, so that the kernel takes back its pages all the time, and its child collects besides.</summary>
    [ChainFact]
    public void Under_memory_pressure_nothing_hangs_or_fails()
    {
        var unified = File.Exists("/sys/fs/cgroup/cgroup.controllers");
        var tight = Path.Combine(unified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory", $"{_name}-tight");
        var said = Path.Combine(_bundle.At, "said");
        Directory.CreateDirectory(tight);
        File.WriteAllText(Path.Combine(tight, unified ? "memory.max" : "memory.limit_in_bytes"), $"{24 << 20}");
        using var pressure = Inside(tight, "while dd if=/dev/zero of=\"$0\" bs=1M count=64 2>/dev/null; do :; done", Path.Combine(_bundle.At, "pages"));
        try
        {
            for (var i = 0; i < Runs; i++)
            {
                using (var create = Inside(tight, $"NARU_RUNC_STRESS=collect timeout 60 \"$0\" \"$@\" >{said} 2>&1 </dev/null", Programs.NaruRunc, "--root", _bundle.State, "create", "--bundle", _bundle.At, Id(i)))
                {
                    create.WaitForExit();
                    Assert.Equal((0, ""), (create.ExitCode, File.ReadAllText(said)));
                }

                Assert.Equal(new(0, "", ""), _bundle.Runtime(Programs.NaruRunc, "delete", "--force", Id(i)));
            }

            var refused = unified ? File.ReadAllLines(Path.Combine(tight, "memory.events")).Single(line => line.StartsWith("max ", StringComparison.Ordinal))[4..] : File.ReadAllText(Path.Combine(tight, "memory.failcnt"));
            Assert.InRange(long.Parse(refused, CultureInfo.InvariantCulture), Runs, long.MaxValue);
            Assert.False(pressure.HasExited);
        }
        finally
        {
            pressure.Kill(entireProcessTree: true);
            pressure.WaitForExit();
            Command.Until(() => File.ReadAllText(Path.Combine(tight, "cgroup.procs")) == "", "the end of the pressure");
            Directory.Delete(tight);
        }

        Nothing();
    }

    [ChainFact]
    public void Limits_that_are_too_small_for_the_runtime_are_the_programs_own()
    {
        _bundle.Change(spec =>
        {
            spec["process"]!["args"] = new JsonArray("sh", "-c", "ulimit -v; ulimit -n; ulimit -d");
            spec["process"]!["rlimits"] = new JsonArray(Limit("RLIMIT_AS", 16 << 20), Limit("RLIMIT_NOFILE", 4), Limit("RLIMIT_DATA", 8 << 20));
        });
        Assert.Equal(new(0, "16384\n4\n8192\n", ""), _bundle.Runtime(Programs.NaruRunc, "run", Id(0)));
    }

    /// <summary>A shell's script as a process of a cgroup.</summary>
    private static Process Inside(string cgroup, string script, params string[] words) => Command.Start("sh", ["-c", $"echo 0 >{cgroup}/cgroup.procs; {script}", .. words]);

    private static JsonObject Limit(string type, int value) => new() { ["type"] = type, ["soft"] = value, ["hard"] = value };

    private string Id(int number) => $"{_name}-{number}";

    private void Create(string id)
    {
        // what the container holds open must not be what this test reads to its end
        using var create = Command.Start("sh", ["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1 </dev/null", Programs.NaruRunc, "--root", _bundle.State, "create", "--bundle", _bundle.At, id]);
        create.WaitForExit();
        Assert.Equal(0, create.ExitCode);
    }

    /// <summary>Sleeping takes longer than what is to be cut.</summary>
    private static void Wait(double milliseconds)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed.TotalMilliseconds < milliseconds;)
        {
            Thread.SpinWait(100);
        }
    }

    /// <summary>No folder, process, cgroup or mount that is this test's.</summary>
    private void Nothing()
    {
        Assert.Empty(Directory.GetFileSystemEntries(_bundle.State));
        Command.Until(() => !Processes().Any(), $"the end of {string.Join(", ", Processes())}");
        Assert.Empty(Directory.GetDirectories("/sys/fs/cgroup", $"{_name}*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 }));
        Assert.DoesNotContain(_bundle.At, File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);
    }

    private IEnumerable<string> Processes()
    {
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            string text;
            try
            {
                text = File.ReadAllText(Path.Combine(folder, "cmdline")) + File.ReadAllText(Path.Combine(folder, "cgroup"));
            }
            catch (IOException)
            {
                continue; // no process, or none any more
            }

            if (text.Contains(_name, StringComparison.Ordinal) || text.Contains(_bundle.State, StringComparison.Ordinal))
            {
                yield return $"{Path.GetFileName(folder)}: {text.Replace('\0', ' ')}";
            }
        }
    }
}
