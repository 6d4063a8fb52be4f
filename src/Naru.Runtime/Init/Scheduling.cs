using Naru.Base;
using Naru.Linux;
using OciProcess = Naru.Oci.Runtime.Process;

namespace Naru.Runtime.Init;

/// <summary>How the kernel schedules the process: its policy, I/O priority, personality, CPUs.</summary>
internal static class Scheduling
{
    /// <summary>sched.h's numbers, in order; null has none.</summary>
    private static readonly string?[] Policies = ["SCHED_OTHER", "SCHED_FIFO", "SCHED_RR", "SCHED_BATCH", null, "SCHED_IDLE", "SCHED_DEADLINE"];

    private static readonly (string Name, ulong Bit)[] PolicyFlags =
    [
        ("SCHED_FLAG_RESET_ON_FORK", 1), ("SCHED_FLAG_RECLAIM", 2), ("SCHED_FLAG_DL_OVERRUN", 4), ("SCHED_FLAG_KEEP_POLICY", 8),
        ("SCHED_FLAG_KEEP_PARAMS", 16), ("SCHED_FLAG_UTIL_CLAMP_MIN", 32), ("SCHED_FLAG_UTIL_CLAMP_MAX", 64),
    ];

    /// <summary>Refuses what <see cref="Apply"/> and <see cref="PersonalityOf"/> would not understand.</summary>
    public static void Check(OciProcess process)
    {
        if (process.Scheduler is { } scheduler)
        {
            PolicyOf(scheduler.Policy);
            FlagsOf(scheduler.Flags);
            if (scheduler.Nice is < -20 or > 19)
                throw NaruException.Invalid($"invalid scheduler.nice: {scheduler.Nice}");
            if (scheduler.Priority is > 0 && scheduler.Policy is not ("SCHED_FIFO" or "SCHED_RR"))
                throw NaruException.Invalid("scheduler.priority can only be specified for SchedFIFO or SchedRR policy");
            if ((scheduler.Runtime ?? scheduler.Deadline ?? scheduler.Period) is > 0 && scheduler.Policy != "SCHED_DEADLINE")
                throw NaruException.Invalid("scheduler runtime/deadline/period can only be specified for SchedDeadline policy");
        }

        if (process.IoPriority is { } io)
        {
            if (io.Priority is < 0 or > 7)
                throw NaruException.Invalid($"invalid ioPriority.Priority: {io.Priority}");
            ClassOf(io.Class);
        }

        foreach (var list in (ReadOnlySpan<string?>)[process.ExecCpuAffinity?.Initial, process.ExecCpuAffinity?.Final])
            CpusOf(list);
    }

    /// <summary>On the calling process, while it may still do so.</summary>
    public static void Apply(OciProcess process)
    {
        if (process.Scheduler is { } scheduler)
        {
            Processes.SetScheduler(PolicyOf(scheduler.Policy), FlagsOf(scheduler.Flags), scheduler.Nice ?? 0, (uint)(scheduler.Priority ?? 0),
                scheduler.Runtime ?? 0, scheduler.Deadline ?? 0, scheduler.Period ?? 0);
        }

        if (process.IoPriority is { } io)
            Credentials.SetIoPriority(ClassOf(io.Class), io.Priority);
    }

    /// <summary>personality(2)'s domain; null where nothing is asked for.</summary>
    public static ulong? PersonalityOf(Oci.Runtime.Personality? personality)
    {
        if (personality is null)
            return null;
        if (personality.Flags is { Count: > 0 })
            throw NaruException.Invalid("personality flags are not supported at this time");
        return personality.Domain switch
        {
            "LINUX" => 0,
            "LINUX32" => 8,
            _ => throw NaruException.Invalid($"invalid personality domain {personality.Domain}"),
        };
    }

    /// <summary>On the calling process, and those that it makes.</summary>
    public static void ApplyPersonality(Oci.Runtime.Personality? personality)
    {
        if (PersonalityOf(personality) is { } domain)
            Processes.SetPersonality(domain);
    }

    /// <summary>A list of CPUs (0-3,7), sorted out; empty where there is none.</summary>
    public static IReadOnlyList<int> CpusOf(string? list) => NumberList.Parse(list, "CPU affinity", limit: 8192);

    private static uint PolicyOf(string policy)
    {
        var index = policy.Length == 0 ? -1 : Array.IndexOf(Policies, policy);
        return index >= 0 ? (uint)index : throw NaruException.Invalid($"invalid scheduler policy: {policy}");
    }

    private static ulong FlagsOf(IReadOnlyList<string>? flags)
    {
        ulong bits = 0;
        foreach (var flag in flags ?? [])
        {
            var bit = Array.Find(PolicyFlags, known => known.Name == flag).Bit;
            bits |= bit != 0 ? bit : throw NaruException.Invalid($"invalid scheduler flag: {flag}");
        }

        return bits;
    }

    private static int ClassOf(string name) => name switch
    {
        "IOPRIO_CLASS_RT" => 1,
        "IOPRIO_CLASS_BE" => 2,
        "IOPRIO_CLASS_IDLE" => 3,
        _ => throw NaruException.Invalid($"invalid ioPriority.Class: \"{name}\""),
    };
}
