using Naru.Base;
using Naru.Linux;
using Naru.Oci.Runtime;

namespace Naru.Runtime.Cgroups;

/// <summary>A folder in each of v1's hierarchies, and in the unified one where that is mounted beside them (hybrid): it is joined, and limits nothing.</summary>
/// <param name="rootless">For an unprivileged user: device rules are passed over.</param>
/// <param name="lenient">Hierarchies where he may make nothing are left out: he has named no cgroup.</param>
internal sealed class LegacyManager(Cgroup cgroup, bool rootless, bool lenient) : CgroupManager(cgroup)
{
    private readonly bool _lenient = rootless && lenient;

    private IReadOnlyList<string>? _unified;

    public override void Check(Resources? resources)
    {
        if (resources?.Unified is { Count: > 0 })
            throw NaruException.Invalid("invalid configuration: cannot use unified on cgroup v1");
    }

    public override void MakeUnified(Resources? resources) => _unified = Cgroup.CreateUnified(_lenient);

    public override void Make(Resources? resources)
    {
        if (!Cgroup.CreateLegacy(_lenient) || (_unified is null && Cgroup.Folders.ContainsKey("")))
            CheckFree();
        IsOurs = true;
    }

    public override void OpenDoors(CgroupEntry entry) => entry.Open(Cgroup, _lenient);

    public override void Limit(Resources? resources) => LegacyLimits.Apply(Cgroup, resources ?? new Resources(), devices: true, rootless);

    public override void Update(Resources resources) => LegacyLimits.Apply(Cgroup, resources, devices: false, rootless);

    public override void Abandon()
    {
        base.Abandon();
        if (!IsOurs && _unified is not null)
            CgroupFolders.Undo(_unified);
    }
}
