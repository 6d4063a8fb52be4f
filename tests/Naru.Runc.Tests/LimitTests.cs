using System.Text.Json.Nodes;

namespace Naru.Runc.Tests;

/// <summary>process.rlimits and process.oomScoreAdj, as the kernel has them of a first process and of an exec.</summary>
public sealed class LimitTests : IDisposable
{
    private readonly string _id = $"ncl-{Guid.NewGuid():N}"[..16];
    private readonly Bundle _bundle = new("true");

    public void Dispose() => _bundle.Dispose();

    [ChainTheory]
    [InlineData(0)]
    [InlineData(5)]
    public void Every_limit_is_the_one_of_the_configuration_whoever_the_user_is(int uid)
    {
        // As /proc/PID/limits names them; where the machine has less, or none, these are within it.
        var names = new Dictionary<string, string>
        {
            ["RLIMIT_CPU"] = "Max cpu time",
            ["RLIMIT_FSIZE"] = "Max file size",
            ["RLIMIT_DATA"] = "Max data size",
            ["RLIMIT_STACK"] = "Max stack size",
            ["RLIMIT_CORE"] = "Max core file size",
            ["RLIMIT_RSS"] = "Max resident set",
            ["RLIMIT_NPROC"] = "Max processes",
            ["RLIMIT_NOFILE"] = "Max open files",
            ["RLIMIT_MEMLOCK"] = "Max locked memory",
            ["RLIMIT_AS"] = "Max address space",
            ["RLIMIT_LOCKS"] = "Max file locks",
            ["RLIMIT_SIGPENDING"] = "Max pending signals",
            ["RLIMIT_MSGQUEUE"] = "Max msgqueue size",
            ["RLIMIT_NICE"] = "Max nice priority",
            ["RLIMIT_RTPRIO"] = "Max realtime priority",
            ["RLIMIT_RTTIME"] = "Max realtime timeout",
        };
        var (limits, expected) = (new JsonArray(), new List<string>());
        foreach (var (type, name) in names)
        {
            // Enough for a shell; those of priorities are none where nobody may raise them.
            var hard = type is "RLIMIT_NICE" or "RLIMIT_RTPRIO" ? 0 : type is "RLIMIT_STACK" or "RLIMIT_AS" or "RLIMIT_DATA" ? 1 << 26 : 1000 + expected.Count;
            limits.Add(new JsonObject { ["type"] = type, ["soft"] = hard / 2, ["hard"] = hard });
            expected.Add($"{name} {hard / 2} {hard}");
        }

        void Limit(JsonNode process)
        {
            process["rlimits"] = limits.DeepClone();
            process["user"] = new JsonObject { ["uid"] = uid, ["gid"] = uid };
        }

        Assert.Equal(expected, Of(Run("cat /proc/self/limits", Limit)));
        using var held = new HeldContainer(_id);
        Assert.Equal(expected, Of(held.RunProcess("cat /proc/self/limits", Limit)));
    }

    [ChainFact]
    public void Of_several_limits_of_one_kind_the_last_one_counts_and_none_at_all_is_a_limit()
    {
        var result = Run("ulimit -Sn; ulimit -Hn; ulimit -Sc; ulimit -Hc", process => process["rlimits"] = JsonNode.Parse("""
            [{"type": "RLIMIT_NOFILE", "soft": 50, "hard": 60}, {"type": "RLIMIT_NOFILE", "soft": 70, "hard": 80}, {"type": "RLIMIT_CORE", "soft": 18446744073709551615, "hard": 18446744073709551615}]
            """));
        Assert.Equal(new(0, "70\n80\nunlimited\nunlimited\n", ""), result);
    }

    [ChainTheory]
    [InlineData("""{"type": "RLIMIT_NOPE", "soft": 1, "hard": 1}""", "wrong rlimit value: RLIMIT_NOPE")]
    [InlineData("""{"type": "RLIMIT_NOFILE", "soft": 2, "hard": 1}""", "error setting rlimit type 7: invalid argument: the soft limit 2 of RLIMIT_NOFILE is above the hard limit 1")]
    // Above what any machine has (fs.nr_open): nobody may set it, with CAP_SYS_RESOURCE or without.
    [InlineData("""{"type": "RLIMIT_NOFILE", "soft": 1, "hard": 4000000000}""", "error setting rlimits for ready process: error setting rlimit type 7: operation not permitted")]
    public void A_limit_that_cannot_be_set_is_refused(string limit, string message)
    {
        var result = Run("true", process => process["rlimits"] = new JsonArray(JsonNode.Parse(limit)));
        Assert.Equal((1, ""), (result.Code, result.Out));
        Assert.Contains(message, result.Error);
        Assert.Empty(Directory.GetFileSystemEntries(_bundle.State));
        using var held = new HeldContainer(_id);
        result = held.RunProcess("true", process => process["rlimits"] = new JsonArray(JsonNode.Parse(limit)));
        Assert.Equal((255, ""), (result.Code, result.Out));
        Assert.Contains(message, result.Error);
    }

    [ChainFact]
    public void The_score_is_the_containers_for_every_process()
    {
        using var held = new HeldContainer(_id, spec => spec["process"]!["oomScoreAdj"] = 321);
        Assert.Equal("321\n321\n", held.Must("exec", _id, "cat", "/proc/1/oom_score_adj", "/proc/self/oom_score_adj"));
        Assert.Equal("321\n", held.RunProcess("cat /proc/self/oom_score_adj", process => process.AsObject().Remove("oomScoreAdj")).Out);
        Assert.Equal("432\n", held.RunProcess("cat /proc/self/oom_score_adj", process => process["oomScoreAdj"] = 432).Out);
    }

    [ChainFact]
    public void A_score_that_cannot_be_set_is_refused()
    {
        var result = Run("true", process => process["oomScoreAdj"] = 1001);
        Assert.Equal(1, result.Code);
        Assert.Contains("failed to update /proc/self/oom_score_adj to 1001: invalid argument", result.Error);
        Assert.Empty(Directory.GetFileSystemEntries(_bundle.State));
    }

    private static IEnumerable<string> Of(Result result)
    {
        Assert.Equal((0, ""), (result.Code, result.Error));
        // Name, soft and hard limit, and a unit where there is one, in columns.
        return result.Out.TrimEnd().Split('\n').Skip(1).Select(line => line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Select(cells => string.Join(' ', cells.Take(3)));
    }

    private Result Run(string script, Action<JsonNode> change)
    {
        _bundle.Change(spec =>
        {
            spec.Script(script);
            change(spec["process"]!);
        });
        return _bundle.Runtime(Programs.NaruRunc, "run", _id);
    }
}
