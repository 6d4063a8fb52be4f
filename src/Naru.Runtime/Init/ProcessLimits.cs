using System.Globalization;
using Naru.Base;
using Naru.Linux;
using OciProcess = Naru.Oci.Runtime.Process;

namespace Naru.Runtime.Init;

/// <summary>Resource limits and the out-of-memory score of a process.</summary>
/// <remarks>
/// A process lowers its limits by itself: another one may not where the ids differ, unless it has CAP_SYS_RESOURCE. What is above the limits that it came with is for the runtime to
/// raise, which may have that capability where the container's process has none.
/// </remarks>
internal static class ProcessLimits
{
    private static readonly string[] Names =
    [
        "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_DATA", "RLIMIT_STACK", "RLIMIT_CORE", "RLIMIT_RSS", "RLIMIT_NPROC", "RLIMIT_NOFILE",
        "RLIMIT_MEMLOCK", "RLIMIT_AS", "RLIMIT_LOCKS", "RLIMIT_SIGPENDING", "RLIMIT_MSGQUEUE", "RLIMIT_NICE", "RLIMIT_RTPRIO", "RLIMIT_RTTIME",
    ];

    /// <summary>Refuses limits that no machine could set, before there is a process; capabilities that cannot be given are only told of.</summary>
    public static void Check(OciProcess process, Action<string> warn)
    {
        if (process.Capabilities is { } sets)
            CheckCapabilities(sets, warn);
        foreach (var limit in process.Rlimits ?? [])
        {
            if (Array.IndexOf(Names, limit.Type) is var resource && resource < 0)
                throw NaruException.Invalid($"wrong rlimit value: {limit.Type}");
            if (limit.Soft > limit.Hard)
                throw NaruException.Invalid($"error setting rlimit type {resource}: invalid argument: the soft limit {limit.Soft} of {limit.Type} is above the hard limit {limit.Hard}");
        }
    }

    /// <summary>By the process itself, once it has set itself up: a small limit on its memory or its files is meant for the program, not for that.</summary>
    public static void Lower(OciProcess process)
    {
        foreach (var (resource, limit) in LastOfEach(process))
        {
            if (!IsRaised(resource, limit))
                Set(0, resource, limit);
        }
    }

    /// <summary>By the runtime, before the process has its program.</summary>
    /// <exception cref="NaruException">PermissionDenied: the runtime has no CAP_SYS_RESOURCE.</exception>
    public static void Raise(int pid, OciProcess process)
    {
        foreach (var (resource, limit) in LastOfEach(process))
        {
            if (IsRaised(resource, limit))
                Set(pid, resource, limit);
        }
    }

    /// <summary>Before the child enters its cgroup, where memory may be scarce.</summary>
    /// <exception cref="NaruException">It is out of range, or below that of the runtime, which has no CAP_SYS_RESOURCE.</exception>
    public static void SetScore(int pid, OciProcess process)
    {
        if (process.OomScoreAdj is not { } score)
            return;
        try
        {
            Files.WriteText($"/proc/{pid}/oom_score_adj", score.ToString(CultureInfo.InvariantCulture));
        }
        catch (LinuxException failure)
        {
            throw new NaruException(ErrorKind.Internal, $"failed to update /proc/self/oom_score_adj to {score}: {Errno.Text(failure.Number)}", failure);
        }
    }

    private static void CheckCapabilities(Oci.Runtime.Capabilities sets, Action<string> warn)
    {
        if (Capabilities.Unknown(sets.Bounding, sets.Effective, sets.Permitted, sets.Inheritable, sets.Ambient) is { Count: > 0 } unknown)
            warn($"ignoring unknown or unavailable capabilities: [{string.Join(' ', unknown)}]");
        var lacking = Capabilities.Parse(sets.Ambient) & ~(Capabilities.Parse(sets.Permitted) & Capabilities.Parse(sets.Inheritable));
        for (var index = 0; index < Capabilities.Known.Count; index++)
        {
            if ((lacking >> index & 1) != 0)
                warn($"can't raise ambient capability {Capabilities.Known[index]}: operation not permitted");
        }
    }

    /// <summary>By resource, so that runtime and process agree on who sets what, whatever was set before.</summary>
    private static SortedList<int, Oci.Runtime.Rlimit> LastOfEach(OciProcess process)
    {
        var last = new SortedList<int, Oci.Runtime.Rlimit>();
        foreach (var limit in process.Rlimits ?? [])
            last[Array.IndexOf(Names, limit.Type)] = limit;
        return last;
    }

    /// <summary>Whether a limit is above that of the runtime, which the process came with.</summary>
    private static bool IsRaised(int resource, Oci.Runtime.Rlimit limit) => limit.Hard > Processes.HardLimit(resource);

    private static void Set(int pid, int resource, Oci.Runtime.Rlimit limit)
    {
        try
        {
            Processes.SetLimit(pid, resource, limit.Soft, limit.Hard);
        }
        catch (LinuxException failure)
        {
            throw new NaruException(ErrorKind.PermissionDenied, $"error setting rlimits for ready process: error setting rlimit type {resource}: {Errno.Text(failure.Number)}", failure);
        }
    }
}
