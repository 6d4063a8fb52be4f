using System.Collections.Concurrent;
using Naru.Api;
using Naru.Base;
using Naru.Engine.Containerd;
using Naru.Engine.Images;
using Naru.Engine.Logs;
using Naru.Engine.Networks;
using Naru.Engine.Rootfs;
using Naru.Engine.Security;
using Naru.Engine.Volumes;
using Naru.Linux;

namespace Naru.Engine.Containers;

/// <summary>Makes, renames and removes containers.</summary>
public sealed class ContainerService(
    EngineOptions options, EnginePaths paths, ContainerdClient containerd, ContainerStore store, ContainerLifecycle lifecycle, ImageStore images, VolumeStore volumes)
{
    private readonly MountResolver mounts = new(volumes, store);
    private readonly ConcurrentDictionary<string, Task> leaving = [];

    /// <exception cref="NaruException">InvalidArgument, NotFound (image), Conflict (name); nothing is left behind.</exception>
    public async Task<ContainerCreateResponse> Create(ContainerCreateRequest request, string? name, CancellationToken cancel)
    {
        var (host, warnings) = ResourceChecks.Limits(CreateValidation.Defaults(LogDefaults.Apply(request.HostConfig, options), ContainerLifecycle.Unified, options.DefaultRuntime), update: false);
        var id = ContainerStore.NewId();
        if (host.UTSMode == "host" && !string.IsNullOrEmpty(request.Hostname))
            throw NaruException.Invalid("conflicting options: hostname and the UTS mode");
        // What the request alone can tell comes before the image is looked for.
        NetworkModes.Check(request, host);
        CreateValidation.Check(CreateValidation.Merge(request, null, id), host);
        var image = await images.Find(request.Image ?? "", cancel);
        var config = CreateValidation.Merge(request, image.Config.Config, id, usesHostName: host.NetworkMode == "host" || host.UTSMode == "host");
        CreateValidation.Check(config, host);
        if ((config.Entrypoint ?? []).Count + (config.Cmd ?? []).Count == 0)
            throw NaruException.Invalid("no command specified");
        var reserved = store.Reserve(name, id);
        try
        {
            var record = new ContainerRecord
            {
                Id = id,
                Name = reserved,
                Created = DateTime.UtcNow,
                ImageId = image.Id.ToString(),
                ManifestDigest = image.Manifest.ToString(),
                ChainId = image.ChainId,
                Config = config,
                HostConfig = host,
                Endpoints = request.NetworkingConfig?.EndpointsConfig ?? [],
                Mounts = mounts.Resolve(config, host),
            };
            var snapshot = await containerd.Prepare(id, image.ChainId, view: false, cancel);
            ContainerMarks.Put(RootMount.Layers(snapshot));
            await CopyUp(record, cancel);
            Directory.CreateDirectory(paths.Container(id), (UnixFileMode)0x1C8);
            var container = store.Open(record);
            container.Save(durable: true);
            store.Add(container);
            lifecycle.Publish(container, "create");
            return new ContainerCreateResponse { Id = id, Warnings = [.. warnings, .. NetworkModes.Warnings(host)] };
        }
        catch
        {
            store.ReleaseName(reserved, id);
            await containerd.RemoveSnapshot(id, CancellationToken.None);
            if (Directory.Exists(paths.Container(id)))
                Directory.Delete(paths.Container(id), recursive: true);
            throw;
        }
    }

    public void Rename(Container container, string? name)
    {
        if (string.IsNullOrEmpty(name))
            throw NaruException.Invalid("Neither old nor new names may be empty");
        var old = container.Name;
        if (old == name.TrimStart('/'))
            throw NaruException.Invalid($"Renaming a container with the same name as its current name");
        string reserved;
        try
        {
            reserved = store.Reserve("/" + name.TrimStart('/'), container.Id);
        }
        catch (NaruException e)
        {
            throw new NaruException(e.Kind, "Error when allocating new name: " + e.Message, e);
        }

        container.Change(record => record with { Name = reserved });
        store.ReleaseName(old, container.Id);
        lifecycle.Publish(container, "rename", ("oldName", "/" + old));
    }

    public async Task Remove(Container container, bool force, bool removeVolumes, CancellationToken cancel)
    {
        if (container.State is ContainerState.Running or ContainerState.Restarting && !force)
        {
            var state = container.State.Status;
            throw NaruException.Conflict($"cannot remove container \"{container.Name}\": container is {state}{(state == "paused" ? " and must be unpaused first" : ": stop the container before removing or force remove")}");
        }

        if (container.State is ContainerState.Running)
        {
            container.StopAsked = true;
            try
            {
                await lifecycle.Kill(container, SignalNames.Kill, cancel);
            }
            catch (NaruException e) when (e.Kind is ErrorKind.NotFound or ErrorKind.Conflict or ErrorKind.FailedPrecondition)
            {
            }

            if (!await ContainerLifecycle.Ended(container, TimeSpan.FromSeconds(10), cancel))
                throw new NaruException(ErrorKind.Internal, $"cannot remove container \"{container.Name}\": could not kill: tried to kill container, but did not receive an exit event");
        }

        await container.Operation.WaitAsync(cancel);
        try
        {
            if (container.Removed)
            {
                // --rm was faster: what was asked for is done.
                if (force)
                    return;
                throw NaruException.NotFound($"No such container: {container.Id}");
            }

            container.StopAsked = true;
            await Clear(container, cancel);
            store.Remove(container);
            container.MarkRemoved();
        }
        finally
        {
            container.Operation.Release();
        }

        lifecycle.Publish(container, "destroy");
        if (removeVolumes)
            RemoveVolumes(container);
    }

    /// <summary>
    /// Removes a container that has ended and was made with --rm. When this returns it is gone for everybody, its name is free, and whoever waited for
    /// its removal goes on; what is left of it on disk goes afterwards. An engine that dies in between sweeps that away at its next start.
    /// </summary>
    /// <param name="deleted">Completes when its task is deleted.</param>
    public async Task Leave(Container container, Task deleted)
    {
        await container.Operation.WaitAsync();
        try
        {
            if (container.Removed)
                return;
            container.StopAsked = true;
            store.Remove(container);
            File.Delete(paths.Record(container.Id));
            RemoveVolumes(container);
            container.MarkRemoved();
        }
        finally
        {
            container.Operation.Release();
        }

        lifecycle.Publish(container, "destroy");
        var rest = ClearAfter(container, deleted);
        leaving[container.Id] = rest;
        _ = rest.ContinueWith(_ => leaving.TryRemove(container.Id, out var _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Completes when nothing is left of the containers that left by now. Never fails.</summary>
    public Task Settled() => Task.WhenAll(leaving.Values);

    private async Task ClearAfter(Container container, Task deleted)
    {
        try
        {
            await deleted;
            await Clear(container, CancellationToken.None);
        }
        catch (Exception e) when (e is NaruException or IOException or HttpRequestException or OperationCanceledException)
        {
            Log.Error($"container {container.Id}: not wholly removed, the engine's next start tries again: {e.Message}");
        }
    }

    /// <summary>Everything of a container that is outside this process.</summary>
    private async Task Clear(Container container, CancellationToken cancel)
    {
        await containerd.DeleteContainer(container.Id, cancel);
        await containerd.RemoveSnapshot(container.Id, cancel);
        container.Log?.Dispose();
        Mounts.Unmount(paths.Shm(container.Id), detach: true);
        foreach (var folder in (string[])[paths.Shm(container.Id), paths.Fifos(container.Id), paths.Container(container.Id)])
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
    }

    private void RemoveVolumes(Container container)
    {
        foreach (var mount in container.Record.Mounts.Where(mount => mount is { Anonymous: true, Name: not null }))
        {
            try
            {
                volumes.Remove(mount.Name!, force: true);
            }
            catch (NaruException e) when (e.Kind == ErrorKind.Conflict)
            {
            }
        }
    }

    /// <summary>A new volume starts with what the image has at its place.</summary>
    private async Task CopyUp(ContainerRecord record, CancellationToken cancel)
    {
        var empty = record.Mounts.Where(mount => mount is { Type: "volume", NoCopy: false } && !Directory.EnumerateFileSystemEntries(mount.Source).Any()).ToList();
        if (empty.Count == 0)
            return;
        var root = paths.Mount(record.Id);
        RootMount.Make(await containerd.SnapshotMounts(record.Id, cancel), root);
        try
        {
            volumes.Attach(record);
            foreach (var mount in empty)
                VolumeContent.Copy(root, mount.Destination, mount.Source);
        }
        finally
        {
            volumes.Detach(record);
            Mounts.Unmount(root, detach: true);
            Directory.Delete(root);
        }
    }
}
