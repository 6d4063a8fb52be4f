using Naru.Base;
using Naru.Linux;
using OciProcess = Naru.Oci.Runtime.Process;

namespace Naru.Runtime.Init;

/// <summary>How the kernel schedules the process: its policy, I/O priority, personality, CPUs.</summary>
internal static class Scheduling
{
    private const int MostCpus = 1024;

    /// <summary>sched.h's numbers, in order. SCHED_ISO has its number, and no kernel to take it.</summary>
    private static readonly string[] Policies = ["SCHED_OTHER", "SCHED_FIFO", "SCHED_RR", "SCHED_BATCH", "SCHED_ISO", "SCHED_IDLE", "SCHED_DEADLINE"];

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
            // The other policies have no use for it.
            if (scheduler.Nice is < -20 or > 19 && scheduler.Policy is "SCHED_OTHER" or "SCHED_BATCH")
                throw NaruException.Invalid($"invalid scheduler.nice: {scheduler.Nice} when scheduler.policy is {scheduler.Policy}");
            if (scheduler.Priority is not (null or 0) && scheduler.Policy is not ("SCHED_FIFO" or "SCHED_RR"))
                throw NaruException.Invalid("scheduler.priority can only be specified for SchedFIFO or SchedRR policy");
            if ((scheduler.Runtime is > 0 || scheduler.Deadline is > 0 || scheduler.Period is > 0) && scheduler.Policy != "SCHED_DEADLINE")
                throw NaruException.Invalid("scheduler runtime/deadline/period can only be specified for SchedDeadline policy");
        }

        if (process.IoPriority is { } io)
        {
            if (io.Priority is < 0 or > 7)
                throw NaruException.Invalid($"invalid ioPriority.Priority: {io.Priority}");
            ClassOf(io.Class);
        }

        InitialCpus(process);
        FinalCpus(process);
    }

    /// <summary>On the calling process, while it may still do so.</summary>
    /// <param name="boundToCpus">Whether its cgroup has some of the processors alone.</param>
    public static void Apply(OciProcess process, bool boundToCpus)
    {
        if (process.Scheduler is { } scheduler)
        {
            Try("error setting scheduler", () => Processes.SetScheduler(PolicyOf(scheduler.Policy), FlagsOf(scheduler.Flags), scheduler.Nice ?? 0, (uint)(scheduler.Priority ?? 0),
                scheduler.Runtime ?? 0, scheduler.Deadline ?? 0, scheduler.Period ?? 0), boundToCpus ? "process scheduler can't be used together with AllowedCPUs" : null);
        }

        if (process.IoPriority is { } io)
            Try("failed to set io priority", () => Credentials.SetIoPriority(ClassOf(io.Class), io.Priority));
    }

    /// <summary>The CPUs of an exec before it is in the container's cgroup; those that the caller is bound to are no concern of the container's.</summary>
    public static void ApplyInitialCpus(OciProcess process) => Pin(InitialCpus(process), "error setting initial CPU affinity");

    /// <summary>The CPUs of an exec from the cgroup on.</summary>
    public static void ApplyFinalCpus(OciProcess process)
    {
        if (InitialCpus(process).Count == 0)
            Processes.ResetAffinity();
        Pin(FinalCpus(process), "error setting final CPU affinity");
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

    private static IReadOnlyList<int> InitialCpus(OciProcess process) => NumberList.Parse(process.ExecCpuAffinity?.Initial, "bad CPUAffinity.Initial", MostCpus);

    private static IReadOnlyList<int> FinalCpus(OciProcess process) => NumberList.Parse(process.ExecCpuAffinity?.Final, "bad CPUAffinity.Final", MostCpus);

    private static void Pin(IReadOnlyList<int> cpus, string trouble)
    {
        if (cpus.Count > 0)
            Try(trouble, () => Processes.SetAffinity(0, cpus));
    }

    /// <param name="notAllowed">What it means that the call is not permitted, where that is known.</param>
    private static void Try(string trouble, Action call, string? notAllowed = null)
    {
        try
        {
            call();
        }
        catch (LinuxException failure)
        {
            throw new NaruException(ErrorKind.InvalidArgument, failure.Number == Errno.EPERM && notAllowed is not null ? notAllowed : $"{trouble}: {Errno.Text(failure.Number)}", failure);
        }
    }

    private static uint PolicyOf(string policy)
    {
        if (policy.Length == 0)
            throw NaruException.Invalid("scheduler policy is required");
        var index = Array.IndexOf(Policies, policy);
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
