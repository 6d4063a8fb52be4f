using Naru.Api;
using Naru.Base;
using Naru.Base.Units;
using Naru.Engine.Containerd;
using Naru.Engine.Containers;
using Naru.Images;
using Naru.Oci;
using EmptyObject = Naru.Oci.EmptyObject;

namespace Naru.Engine.Images;

/// <summary><c>docker commit</c>: an image of what a container has changed, on top of its own image.</summary>
public sealed class CommitService(ContainerdClient containerd, ImageStore images, ImageWriter writer, EnginePaths paths)
{
    /// <param name="given">Replaces the container's own settings where it says something; null: nothing.</param>
    /// <param name="pause">Stops the container's processes while its files are read.</param>
    /// <exception cref="NaruException">NotFound: the container's image is gone; InvalidArgument: a change that is none.</exception>
    public async Task<LocalImage> Commit(
        Container container, ImageReference? name, ContainerConfig? given, IReadOnlyList<string> changes, string author, string comment, bool pause, CancellationToken cancel)
    {
        var parent = await images.Get(container.Record.ImageId, cancel);
        var config = ConfigChanges.Apply(Defaults(Merge(container.Record.Config, given)), changes);
        var path = Path.Combine(paths.Temporary, Guid.NewGuid().ToString("N"));
        try
        {
            await Write(container, path, pause && container.State is ContainerState.Running { Paused: false }, cancel);
            var created = GoTime.Nano(DateTimeOffset.UtcNow);
            var command = string.Join(' ', container.Record.Config.Cmd ?? []);
            return await writer.Add(path, parent.Config with
            {
                Created = created,
                Author = author.Length > 0 ? author : null,
                Config = config,
                Comment = comment.Length > 0 ? comment : null,
                Container = container.Id,
                BuildCache = null,
                DockerVersion = EngineOptions.EngineVersion,
                History = [.. parent.Config.History ?? [], new HistoryEntry { Created = created, Author = author.Length > 0 ? author : null, CreatedBy = command, Comment = comment.Length > 0 ? comment : null }],
            }, parent.Document.Layers, name, cancel);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Writes the container's changes as a layer.</summary>
    private async Task Write(Container container, string path, bool pause, CancellationToken cancel)
    {
        var layers = RootMount.Layers(await containerd.SnapshotMounts(container.Id, cancel));
        if (pause)
            await containerd.Pause(container.Id, cancel);
        try
        {
            await Task.Run(
                () =>
                {
                    using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 256 << 10);
                    LayerDiffer.WriteLayer(layers[0], file, cancel);
                },
                cancel);
        }
        finally
        {
            if (pause)
                await containerd.Resume(container.Id, CancellationToken.None);
        }
    }

    private static ContainerConfig Merge(ContainerConfig own, ContainerConfig? given) => given is null ? own : own with
    {
        User = given.User.Length > 0 ? given.User : own.User,
        Env = Specs.SpecBuilder.Over(given.Env, own.Env),
        Cmd = given.Entrypoint is { Count: > 0 } || given.Cmd is { Count: > 0 } ? given.Cmd : own.Cmd,
        Entrypoint = given.Entrypoint ?? own.Entrypoint,
        ExposedPorts = given.ExposedPorts is { Count: > 0 } ? given.ExposedPorts : own.ExposedPorts,
        Volumes = given.Volumes is { Count: > 0 } ? given.Volumes : own.Volumes,
        WorkingDir = given.WorkingDir.Length > 0 ? given.WorkingDir : own.WorkingDir,
        Healthcheck = given.Healthcheck ?? own.Healthcheck,
        Labels = given.Labels is { Count: > 0 } ? given.Labels : own.Labels,
        StopSignal = given.StopSignal ?? own.StopSignal,
        OnBuild = given.OnBuild ?? own.OnBuild,
        Shell = given.Shell ?? own.Shell,
    };

    private static ContainerDefaults Defaults(ContainerConfig config) => new()
    {
        User = config.User.Length > 0 ? config.User : null,
        ExposedPorts = Keys(config.ExposedPorts?.Keys),
        Env = config.Env,
        Cmd = config.Cmd,
        Entrypoint = config.Entrypoint,
        Healthcheck = config.Healthcheck is { } health
            ? new Healthcheck { Test = health.Test, Interval = health.Interval, Timeout = health.Timeout, StartPeriod = health.StartPeriod, StartInterval = health.StartInterval, Retries = health.Retries }
            : null,
        Image = config.Image,
        Volumes = Keys(config.Volumes?.Keys),
        WorkingDir = config.WorkingDir,
        OnBuild = config.OnBuild,
        Labels = config.Labels,
        StopSignal = config.StopSignal,
        StopTimeout = (int?)config.StopTimeout,
        Shell = config.Shell,
    };

    private static SortedDictionary<string, EmptyObject>? Keys(IEnumerable<string>? names)
    {
        if (names is null)
            return null;
        var result = new SortedDictionary<string, EmptyObject>(StringComparer.Ordinal);
        foreach (var name in names)
            result[name] = new EmptyObject();
        return result;
    }
}
