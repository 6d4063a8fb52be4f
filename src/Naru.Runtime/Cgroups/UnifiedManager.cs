using Naru.Base;
using Naru.Linux;
using Naru.Oci.Runtime;

namespace Naru.Runtime.Cgroups;

/// <summary>A folder in the unified hierarchy, which is the only one.</summary>
internal sealed class UnifiedManager(Cgroup cgroup) : CgroupManager(cgroup)
{
    private const string Delegate = "/sys/kernel/cgroup/delegate";

    private bool _isNew;

    /// <summary>For an unprivileged user: device rules are passed over.</summary>
    public bool Rootless { get; init; }

    /// <summary>He has named no cgroup, and does without one if he may make none and limits nothing.</summary>
    public bool Lenient { get; init; }

    /// <summary>The user, as the host counts, to whom the cgroup is delegated; null where it stays root's.</summary>
    public uint? Owner { get; init; }

    public override void Check(Resources? resources) => UnifiedLimits.Check(resources);

    public override void MakeUnified(Resources? resources)
    {
        try
        {
            _isNew = Cgroup.Create();
        }
        catch (LinuxException refused) when (Rootless && Lenient && refused.Number is Errno.EPERM or Errno.EACCES or Errno.EROFS)
        {
            if (NeedsController(resources))
                throw new NaruException(ErrorKind.PermissionDenied, $"rootless needs no limits + no cgrouppath when no permission is granted for cgroups: {refused.Message}", refused);
            // No cgroup at all: the process stays in the caller's.
            Cgroup.Create(lenient: true);
            return;
        }

        if (!_isNew)
            CheckFree();
        IsOurs = true;
        Finish(resources);
    }

    public override void Limit(Resources? resources)
    {
        if (Cgroup.Folders.Count == 0)
            return;
        UnifiedLimits.Apply(Cgroup, resources ?? new Resources());
        LimitDevices(resources?.Devices);
    }

    public override void Update(Resources resources)
    {
        UnifiedLimits.Check(resources);
        UnifiedLimits.Apply(Cgroup, resources);
    }

    /// <summary>What is done to the folder once it is there, whoever made it.</summary>
    public void Finish(Resources? resources)
    {
        CheckType(resources);
        if (Owner is { } owner)
            GiveTo(owner);
    }

    private void LimitDevices(IReadOnlyList<DeviceRule>? rules)
    {
        var program = DeviceRules.AllowsAll(rules) ? [] : DeviceProgram.Build(DeviceRules.Of(rules));
        try
        {
            if (!_isNew)
                DeviceFilter.Replace(Cgroup.Folders[""], program);
            else if (program.Length > 0)
                DeviceFilter.Attach(Cgroup.Folders[""], program);
        }
        catch (LinuxException refused) when (refused.Number is Errno.EPERM or Errno.EACCES && (Rootless || LinuxNamespaces.InUserNamespace()))
        {
            // An unprivileged user's devices are those that the host lets him have.
        }
    }

    /// <summary>Below a cgroup that has processes of its own there is no domain: controllers that count per process cannot be had, those that count per thread can.</summary>
    private void CheckType(Resources? resources)
    {
        var folder = Cgroup.Folders[""];
        if (CgroupTypes.Of(folder) is null or "domain")
            return;
        var domain = NeedsDomain(resources);
        foreach (var path in CgroupTypes.FromTop(folder))
        {
            var type = CgroupTypes.Of(path);
            if (type == "domain invalid")
            {
                if (domain)
                    throw NaruException.Precondition($"cannot enter cgroupv2 \"{path}\" with domain controllers -- it is in an invalid state");
                CgroupTypes.MakeThreaded(path);
            }
            else if (type is "threaded" or "domain threaded" && domain)
            {
                throw NaruException.Precondition($"cannot enter cgroupv2 \"{path}\" with domain controllers -- it is in {type} mode");
            }
        }
    }

    /// <summary>The container's root may make cgroups below, and move its processes among them: the folder and the files that the kernel names are his.</summary>
    private void GiveTo(uint owner)
    {
        var folder = Cgroup.Folders[""];
        using var handle = Files.Open(folder, OpenFlags.PathOnly | OpenFlags.Directory);
        Files.ChangeOwner(handle, owner, uint.MaxValue);
        var names = Files.TryReadText(Delegate)?.Split('\n', StringSplitOptions.RemoveEmptyEntries) ?? ["cgroup.procs", "cgroup.subtree_control", "cgroup.threads"];
        foreach (var name in names)
        {
            try
            {
                Files.ChangeOwner(handle, name, owner, uint.MaxValue);
            }
            catch (LinuxException missing) when (missing.Number == Errno.ENOENT)
            {
                // A file of a controller that is not here.
            }
        }
    }

    private static bool NeedsDomain(Resources? resources) =>
        HasMemory(resources) || HasIo(resources) || HasCpu(resources) || resources?.HugepageLimits is { Count: > 0 };

    private static bool NeedsController(Resources? resources) =>
        NeedsDomain(resources) || resources?.Pids is { Limit: not 0 } || resources?.Cpu is { Cpus.Length: > 0 } or { Mems.Length: > 0 };

    private static bool HasMemory(Resources? resources) => resources?.Memory is { } memory && (memory.Limit ?? memory.Swap ?? memory.Reservation ?? 0) != 0;

    private static bool HasIo(Resources? resources) => resources?.BlockIo is { } io && (io.Weight is > 0 || io.WeightDevice is { Count: > 0 } || io.ThrottleReadBpsDevice is { Count: > 0 }
        || io.ThrottleWriteBpsDevice is { Count: > 0 } || io.ThrottleReadIopsDevice is { Count: > 0 } || io.ThrottleWriteIopsDevice is { Count: > 0 });

    private static bool HasCpu(Resources? resources) =>
        resources?.Cpu is { } cpu && (cpu.Shares is > 0 || cpu.Quota is { } and not 0 || cpu.Period is > 0 || cpu.Burst is not null || cpu.Idle is not null);
}
