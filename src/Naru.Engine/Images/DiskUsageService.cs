using Naru.Api;
using Naru.Base;
using Naru.Engine.Containerd;
using Naru.Engine.Containers;
using Naru.Engine.Volumes;
using Naru.Linux;

namespace Naru.Engine.Images;

/// <summary><c>docker system df</c>: what images, containers and volumes take.</summary>
public sealed class DiskUsageService(ContainerdClient containerd, ImageStore images, ImageListing listing, ContainerStore containers, VolumeStore volumes)
{
    private static readonly string[] Kinds = ["container", "image", "volume", "build-cache"];

    /// <param name="kinds">Which to count: container, image, volume, build-cache; none for all.</param>
    /// <exception cref="NaruException">InvalidArgument: another kind.</exception>
    public async Task<DiskUsageReport> Measure(IReadOnlyList<string> kinds, CancellationToken cancel)
    {
        foreach (var kind in kinds)
        {
            if (!Kinds.Contains(kind))
                throw NaruException.Invalid($"unknown object type: {kind}");
        }

        bool Wanted(string kind) => kinds.Count == 0 || kinds.Contains(kind);
        return new DiskUsageReport
        {
            LayersSize = Wanted("image") ? await LayersSize(cancel) : 0,
            Images = Wanted("image") ? await listing.List(Filters.None, shared: true, cancel) : null,
            Containers = Wanted("container") ? await Containers(cancel) : null,
            Volumes = Wanted("volume") ? [.. volumes.List(Filters.None).Select(Measure)] : null,
            BuildCache = Wanted("build-cache") ? [] : null,
        };
    }

    /// <summary>Every layer once, whoever shares it.</summary>
    private async Task<long> LayersSize(CancellationToken cancel)
    {
        Dictionary<string, long> sizes = [];
        foreach (var image in await images.All(cancel))
        {
            var chain = image.ChainIds;
            for (var number = 0; number < chain.Count; number++)
                sizes[chain[number]] = await images.LayerSize(image, chain, number, cancel);
        }

        return sizes.Values.Sum();
    }

    private async Task<IReadOnlyList<ContainerSummary>> Containers(CancellationToken cancel)
    {
        var sizes = new Dictionary<string, long>();
        foreach (var image in await images.All(cancel))
            sizes[image.Id.ToString()] = await images.Size(image, cancel);
        List<ContainerSummary> result = [];
        foreach (var container in containers.All)
        {
            var written = await containerd.TrySnapshotUsage(container.Id, cancel) ?? 0;
            result.Add(ContainerViews.Summary(container) with { SizeRw = written, SizeRootFs = written + sizes.GetValueOrDefault(container.Record.ImageId) });
        }

        return result;
    }

    private Volume Measure(Volume volume) => volume with
    {
        UsageData = new VolumeUsage
        {
            RefCount = containers.All.Count(container => container.Record.Mounts.Any(mount => mount.Name == volume.Name)),
            Size = DiskUsage.Of(volumes.DataFolder(volume.Name)).Bytes,
        },
    };
}
