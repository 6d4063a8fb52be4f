using Naru.Base;
using Naru.Oci;
using Naru.Rpc;
using Naru.Rpc.Grpc;
using Leases = Naru.Rpc.Leases;
using Snapshots = Naru.Rpc.Snapshots;
using Types = Naru.Rpc.Types;

namespace Naru.Engine.Containerd;

/// <summary>What only the builder asks of containerd.</summary>
public sealed partial class ContainerdClient
{
    /// <summary>Commits a snapshot that no garbage collection takes: it stays until it is removed.</summary>
    public Task CommitRoot(string name, string key, IReadOnlyDictionary<string, string> labels, CancellationToken cancel)
    {
        var request = new Snapshots.CommitSnapshotRequest { Snapshotter = Snapshotter, Name = name, Key = key, Labels = { [GcRoot] = Now() } };
        foreach (var (label, value) in labels)
            request.Labels[label] = value;
        return Call(ContainerdApi.Snapshots.Commit, request, cancel);
    }

    /// <summary>Makes the committed snapshot <paramref name="name"/> of the files that <paramref name="source"/> has, upon <paramref name="parent"/>. One that exists is fine.</summary>
    /// <param name="root">No garbage collection takes it.</param>
    /// <returns>Null when it is done; else the mounts of an active snapshot <paramref name="name"/>-shared, to be filled and committed: this containerd cannot share files.</returns>
    public async Task<IReadOnlyList<Types.Mount>?> ShareSnapshot(string name, string parent, string source, bool root, IReadOnlyDictionary<string, string> labels, CancellationToken cancel)
    {
        var request = new Snapshots.PrepareSnapshotRequest { Snapshotter = Snapshotter, Key = name + "-shared", Parent = parent, Labels = { [Metadata.SnapshotTarget] = name, [Metadata.SnapshotSource] = source } };
        if (root)
            request.Labels[GcRoot] = Now();
        foreach (var (label, value) in labels)
            request.Labels[label] = value;
        try
        {
            return (await Call(ContainerdApi.Snapshots.Prepare, request, cancel)).Mounts;
        }
        catch (NaruException e) when (e.Kind == ErrorKind.AlreadyExists)
        {
            return null;
        }
    }

    /// <summary>Stores what <paramref name="right"/> has over <paramref name="left"/> as a layer.</summary>
    /// <param name="latest">No file is to be younger; null keeps their times.</param>
    /// <returns>The blob, and the layer's digest uncompressed.</returns>
    public async Task<(Descriptor Blob, Digest DiffId)> Diff(IReadOnlyList<Types.Mount> left, IReadOnlyList<Types.Mount> right, string mediaType, DateTimeOffset? latest, CancellationToken cancel)
    {
        var request = new Rpc.Diff.DiffRequest { Left = { left }, Right = { right }, MediaType = mediaType };
        if (latest is { } time)
            request.SourceDateEpoch = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(time);
        var made = (await Call(ContainerdApi.Diff.DiffCall, request, cancel)).Diff;
        var blob = new Descriptor { MediaType = made.MediaType, Digest = Digest.Parse(made.Digest), Size = made.Size };
        if (mediaType is MediaTypes.DockerLayer or MediaTypes.OciLayer)
            return (blob, blob.Digest);
        var info = await TryContentInfo(blob.Digest, cancel);
        return info is not null && info.Labels.TryGetValue("containerd.io/uncompressed", out var diffId) ? (blob, Digest.Parse(diffId))
            : throw new NaruException(ErrorKind.Internal, $"layer {blob.Digest} was stored without its diff id");
    }

    /// <summary>Has the lease of this flow hold a blob that may be there: whoever finds it afterwards keeps it.</summary>
    public async Task HoldContent(Digest digest, CancellationToken cancel)
    {
        if (GrpcLease.Current is { } lease)
            await Call(ContainerdApi.Leases.AddResource, new Leases.AddResourceRequest { Id = lease, Resource = new Leases.Resource { Type = "content", Id = digest.ToString() } }, cancel);
    }

    /// <summary>The names and keys of all snapshots that begin so.</summary>
    /// <param name="prefix">Letters, digits and hyphens.</param>
    public async Task<IReadOnlyList<string>> SnapshotsNamed(string prefix, CancellationToken cancel)
    {
        List<string> names = [];
        await foreach (var part in Stream(ContainerdApi.Snapshots.List, new Snapshots.ListSnapshotsRequest { Snapshotter = Snapshotter, Filters = { $"name~=\"^{prefix}\"" } }, cancel))
        {
            foreach (var info in part.Info)
                names.Add(info.Name);
        }

        return names;
    }
}
