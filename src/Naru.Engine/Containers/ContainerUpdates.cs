using System.Text.Json;
using Google.Protobuf;
using Naru.Api;
using Naru.Base;
using Naru.Engine.Containerd;
using Naru.Engine.Specs;
using Naru.Oci.Runtime;

namespace Naru.Engine.Containers;

/// <summary><c>docker update</c>: other limits and another restart policy, at once for what runs.</summary>
public sealed class ContainerUpdates(ContainerdClient containerd, ContainerLifecycle lifecycle)
{
    /// <exception cref="NaruException">InvalidArgument, Conflict: nothing is changed.</exception>
    public async Task<ContainerUpdateResponse> Apply(Container container, ContainerUpdateRequest request, CancellationToken cancel)
    {
        var asked = new HostConfig
        {
            CpuShares = request.CpuShares,
            Memory = request.Memory,
            NanoCpus = request.NanoCpus,
            BlkioWeight = request.BlkioWeight,
            CpuPeriod = request.CpuPeriod,
            CpuQuota = request.CpuQuota,
            CpuRealtimePeriod = request.CpuRealtimePeriod,
            CpuRealtimeRuntime = request.CpuRealtimeRuntime,
            CpusetCpus = request.CpusetCpus ?? "",
            CpusetMems = request.CpusetMems ?? "",
            MemoryReservation = request.MemoryReservation,
            MemorySwap = request.MemorySwap,
            PidsLimit = request.PidsLimit,
            RestartPolicy = request.RestartPolicy ?? new RestartPolicy(),
        };
        var (limits, warnings) = ResourceChecks.Limits(asked, update: true);
        if (limits.RestartPolicy.Name.Length > 0)
            CreateValidation.CheckRestart(limits);
        await container.Operation.WaitAsync(cancel);
        try
        {
            if (container.Removed || container.State is ContainerState.Dead)
                throw NaruException.Conflict($"Cannot update container {container.Id}: Container is marked for removal and cannot be \"update\".");
            try
            {
                var merged = Merge(container.Record.HostConfig, limits);
                if (container.State is ContainerState.Running)
                {
                    var resources = ResourceLimits.Build(limits, ContainerLifecycle.Unified) with { Devices = null };
                    await containerd.Update(container.Id, ByteString.CopyFrom(JsonSerializer.SerializeToUtf8Bytes(resources, SpecJson.Default.Resources)), cancel);
                }

                container.Change(record => record with { HostConfig = merged });
            }
            catch (NaruException e)
            {
                throw new NaruException(e.Kind, $"Cannot update container {container.Id}: {e.Message}", e);
            }
        }
        finally
        {
            container.Operation.Release();
        }

        lifecycle.Publish(container, "update");
        return new ContainerUpdateResponse { Warnings = warnings.Count > 0 ? warnings : null };
    }

    private static HostConfig Merge(HostConfig now, HostConfig to)
    {
        if (to.NanoCpus > 0 && now.CpuPeriod > 0)
            throw NaruException.Conflict("Conflicting options: Nano CPUs cannot be updated as CPU Period has already been set");
        if (to.NanoCpus > 0 && now.CpuQuota > 0)
            throw NaruException.Conflict("Conflicting options: Nano CPUs cannot be updated as CPU Quota has already been set");
        if (to.CpuPeriod > 0 && now.NanoCpus > 0)
            throw NaruException.Conflict("Conflicting options: CPU Period cannot be updated as NanoCPUs has already been set");
        if (to.CpuQuota > 0 && now.NanoCpus > 0)
            throw NaruException.Conflict("Conflicting options: CPU Quota cannot be updated as NanoCPUs has already been set");
        if (to.Memory != 0 && to.Memory > now.MemorySwap && to.MemorySwap == 0)
            throw NaruException.Conflict("Memory limit should be smaller than already set memoryswap limit, update the memoryswap at the same time");
        if (to.RestartPolicy.Name is not ("" or "no") && now.AutoRemove)
            throw NaruException.Conflict("Restart policy cannot be updated because AutoRemove is enabled for the container");
        return now with
        {
            BlkioWeight = to.BlkioWeight != 0 ? to.BlkioWeight : now.BlkioWeight,
            CpuShares = to.CpuShares != 0 ? to.CpuShares : now.CpuShares,
            NanoCpus = to.NanoCpus != 0 ? to.NanoCpus : now.NanoCpus,
            CpuPeriod = to.CpuPeriod != 0 ? to.CpuPeriod : now.CpuPeriod,
            CpuQuota = to.CpuQuota != 0 ? to.CpuQuota : now.CpuQuota,
            CpuRealtimePeriod = to.CpuRealtimePeriod != 0 ? to.CpuRealtimePeriod : now.CpuRealtimePeriod,
            CpuRealtimeRuntime = to.CpuRealtimeRuntime != 0 ? to.CpuRealtimeRuntime : now.CpuRealtimeRuntime,
            CpusetCpus = to.CpusetCpus.Length > 0 ? to.CpusetCpus : now.CpusetCpus,
            CpusetMems = to.CpusetMems.Length > 0 ? to.CpusetMems : now.CpusetMems,
            Memory = to.Memory != 0 ? to.Memory : now.Memory,
            MemorySwap = to.MemorySwap != 0 ? to.MemorySwap : now.MemorySwap,
            MemoryReservation = to.MemoryReservation != 0 ? to.MemoryReservation : now.MemoryReservation,
            PidsLimit = to.PidsLimit is null or 0 ? now.PidsLimit : to.PidsLimit < 0 ? null : to.PidsLimit,
            RestartPolicy = to.RestartPolicy.Name.Length > 0 ? to.RestartPolicy : now.RestartPolicy,
        };
    }
}
