using System.Globalization;
using Naru.Base;
using Naru.Linux;
using OciProcess = Naru.Oci.Runtime.Process;

namespace Naru.Runtime.Lifecycle;

/// <summary>Resource limits and the out-of-memory score, set by the runtime on the child: it may not raise its own.</summary>
internal static class ProcessLimits
{
    private static readonly string[] Names =
    [
        "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_DATA", "RLIMIT_STACK", "RLIMIT_CORE", "RLIMIT_RSS", "RLIMIT_NPROC", "RLIMIT_NOFILE",
        "RLIMIT_MEMLOCK", "RLIMIT_AS", "RLIMIT_LOCKS", "RLIMIT_SIGPENDING", "RLIMIT_MSGQUEUE", "RLIMIT_NICE", "RLIMIT_RTPRIO", "RLIMIT_RTTIME",
    ];

    /// <summary>Refuses limits that no machine could set, before there is a process; capabilities without a meaning are only told of.</summary>
    public static void Check(OciProcess process, Action<string> warn)
    {
        if (process.Capabilities is { } sets && Capabilities.Unknown(sets.Bounding, sets.Effective, sets.Permitted, sets.Inheritable, sets.Ambient) is { Count: > 0 } unknown)
            warn($"ignoring unknown or unavailable capabilities: [{string.Join(' ', unknown)}]");
        foreach (var limit in process.Rlimits ?? [])
        {
            if (Array.IndexOf(Names, limit.Type) < 0)
                throw NaruException.Invalid($"wrong rlimit value: {limit.Type}");
            if (limit.Soft > limit.Hard)
                throw NaruException.Invalid($"{limit.Type}: the soft limit {limit.Soft} is above the hard limit {limit.Hard}");
        }
    }

    /// <summary>Once the child has set itself up: a small limit on its memory or its files is meant for the program, not for that.</summary>
    /// <param name="warn">Told of a hard limit that this machine does not let even root raise (no CAP_SYS_RESOURCE): the container runs with what there is.</param>
    public static void Apply(int pid, OciProcess process, Action<string> warn)
    {
        foreach (var limit in process.Rlimits ?? [])
        {
            if (!Processes.TrySetLimit(pid, Array.IndexOf(Names, limit.Type), limit.Soft, limit.Hard))
                warn($"{limit.Type}: cannot raise the hard limit to {limit.Hard}: operation not permitted");
        }
    }

    /// <summary>Before the child enters its cgroup, where memory may be scarce.</summary>
    /// <param name="warn">Told of a score that this machine does not let even root set.</param>
    public static void SetScore(int pid, OciProcess process, Action<string> warn)
    {
        if (process.OomScoreAdj is not { } score)
            return;
        try
        {
            Files.WriteText($"/proc/{pid}/oom_score_adj", score.ToString(CultureInfo.InvariantCulture));
        }
        catch (LinuxException denied) when (denied.Number is Errno.EACCES or Errno.EPERM)
        {
            warn($"cannot set oom_score_adj to {score}: {Errno.Text(denied.Number)}");
        }
    }
}
