using Naru.Base;
using Naru.Linux;
using Naru.Oci.Runtime;

namespace Naru.Runtime.Cgroups;

/// <summary>A unit of systemd's, which makes the cgroup and moves the first process there; what systemd has no property for is written to the folders as the other managers do.</summary>
/// <param name="folders">The manager of the same cgroup by its folders.</param>
/// <param name="user">The unit is the user manager's.</param>
internal sealed class SystemdManager(CgroupManager folders, SystemdUnit unit, bool user) : CgroupManager(folders.Cgroup)
{
    public override string Unit => unit.Name;

    /// <summary>The container's, for the unit's description.</summary>
    public string Id { get; init; } = "";

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    public override void Check(Resources? resources)
    {
        folders.Check(resources);
        SystemdProperties.OfAnnotations(Annotations);
        new SystemdProperties().WithOutOfMemoryPolicy(resources).WithLimits(resources, Cgroup.IsUnified);
    }

    public override void MakeUnified(Resources? resources)
    {
        // A unit of this name that is another's, or still in use, systemd refuses by itself.
        if (Cgroup.Folders.Values.Any(Directory.Exists))
            CheckFree();
    }

    public override CgroupEntry OpenEntry() => CgroupEntry.None();

    public override CgroupEntry OpenLaterEntry() => user ? CgroupEntry.None() : folders.OpenLaterEntry();

    public override void OpenDoors(CgroupEntry entry)
    {
        // The first process is moved by systemd, and so are all of an unprivileged user's.
        if (!user && !IsOurs)
            folders.OpenDoors(entry);
    }

    public override void Adopt(int pid, Resources? resources)
    {
        try
        {
            using var bus = SystemdBus.Open(user);
            bus.Start(unit.Name, SystemdProperties.OfUnit(unit, Id, pid, Annotations).WithOutOfMemoryPolicy(resources).WithDevices(resources?.Devices)
                .WithLimits(resources, Cgroup.IsUnified).List);
        }
        catch (NaruException failure)
        {
            throw new NaruException(failure.Kind, $"unable to apply cgroup configuration: unable to start unit \"{unit.Name}\": {failure.Message}", failure);
        }

        IsOurs = true;
        // Controllers that systemd does not know are handed down as well. v1: it has left the hierarchies that are not its own alone.
        Cgroup.Create(lenient: user);
        if (folders is UnifiedManager unified)
            unified.Finish(resources);
        else
            Cgroup.Add(pid);
    }

    public override void AdoptLater(int pid)
    {
        if (!user)
            return;
        using var bus = SystemdBus.Open(user);
        bus.Attach(unit.Name, pid, BelowUnit(Cgroup.Folders.Values.Single()));
    }

    /// <summary>What follows the unit's own cgroup in a folder's path: exec may have been told of one below.</summary>
    private string BelowUnit(string folder)
    {
        var at = folder.LastIndexOf($"/{unit.Name}/", StringComparison.Ordinal);
        return at < 0 ? "/" : folder[(at + unit.Name.Length + 1)..];
    }

    public override void Limit(Resources? resources) => folders.Limit(resources);

    public override void Update(Resources resources)
    {
        folders.Check(resources);
        // Before systemd sets it: the kernel would kill the container for it.
        if (Cgroup.IsUnified)
            UnifiedLimits.CheckUsage(Cgroup, resources.Memory);
        using (var bus = SystemdBus.Open(user))
            bus.Set(unit.Name, new SystemdProperties().WithLimits(resources, Cgroup.IsUnified).List);
        folders.Update(resources);
    }

    public override void Remove()
    {
        using (var bus = SystemdBus.Open(user))
            bus.Stop(unit.Name);
        folders.Remove();
    }
}
