using Google.Protobuf.WellKnownTypes;

namespace Naru.Rpc.Grpc;

/// <summary>Every method of the containerd API that the two daemons speak: one table for the client and for the server.</summary>
public static class ContainerdApi
{
    public static class Containers
    {
        public const string Service = "containerd.services.containers.v1.Containers";
        public static readonly GrpcMethod<Rpc.Containers.GetContainerRequest, Rpc.Containers.GetContainerResponse> Get = new(Service, "Get", Rpc.Containers.GetContainerRequest.Parser, Rpc.Containers.GetContainerResponse.Parser);
        public static readonly GrpcMethod<Rpc.Containers.ListContainersRequest, Rpc.Containers.ListContainersResponse> List = new(Service, "List", Rpc.Containers.ListContainersRequest.Parser, Rpc.Containers.ListContainersResponse.Parser);
        public static readonly GrpcMethod<Rpc.Containers.ListContainersRequest, Rpc.Containers.ListContainerMessage> ListStream = new(Service, "ListStream", Rpc.Containers.ListContainersRequest.Parser, Rpc.Containers.ListContainerMessage.Parser);
        public static readonly GrpcMethod<Rpc.Containers.CreateContainerRequest, Rpc.Containers.CreateContainerResponse> Create = new(Service, "Create", Rpc.Containers.CreateContainerRequest.Parser, Rpc.Containers.CreateContainerResponse.Parser);
        public static readonly GrpcMethod<Rpc.Containers.UpdateContainerRequest, Rpc.Containers.UpdateContainerResponse> Update = new(Service, "Update", Rpc.Containers.UpdateContainerRequest.Parser, Rpc.Containers.UpdateContainerResponse.Parser);
        public static readonly GrpcMethod<Rpc.Containers.DeleteContainerRequest, Empty> Delete = new(Service, "Delete", Rpc.Containers.DeleteContainerRequest.Parser, Empty.Parser);
    }

    public static class Content
    {
        public const string Service = "containerd.services.content.v1.Content";
        public static readonly GrpcMethod<Rpc.Content.InfoRequest, Rpc.Content.InfoResponse> Info = new(Service, "Info", Rpc.Content.InfoRequest.Parser, Rpc.Content.InfoResponse.Parser);
        public static readonly GrpcMethod<Rpc.Content.UpdateRequest, Rpc.Content.UpdateResponse> Update = new(Service, "Update", Rpc.Content.UpdateRequest.Parser, Rpc.Content.UpdateResponse.Parser);
        public static readonly GrpcMethod<Rpc.Content.ListContentRequest, Rpc.Content.ListContentResponse> List = new(Service, "List", Rpc.Content.ListContentRequest.Parser, Rpc.Content.ListContentResponse.Parser);
        public static readonly GrpcMethod<Rpc.Content.DeleteContentRequest, Empty> Delete = new(Service, "Delete", Rpc.Content.DeleteContentRequest.Parser, Empty.Parser);
        public static readonly GrpcMethod<Rpc.Content.ReadContentRequest, Rpc.Content.ReadContentResponse> Read = new(Service, "Read", Rpc.Content.ReadContentRequest.Parser, Rpc.Content.ReadContentResponse.Parser);
        public static readonly GrpcMethod<Rpc.Content.StatusRequest, Rpc.Content.StatusResponse> Status = new(Service, "Status", Rpc.Content.StatusRequest.Parser, Rpc.Content.StatusResponse.Parser);
        public static readonly GrpcMethod<Rpc.Content.ListStatusesRequest, Rpc.Content.ListStatusesResponse> ListStatuses = new(Service, "ListStatuses", Rpc.Content.ListStatusesRequest.Parser, Rpc.Content.ListStatusesResponse.Parser);
        public static readonly GrpcMethod<Rpc.Content.WriteContentRequest, Rpc.Content.WriteContentResponse> Write = new(Service, "Write", Rpc.Content.WriteContentRequest.Parser, Rpc.Content.WriteContentResponse.Parser);
        public static readonly GrpcMethod<Rpc.Content.AbortRequest, Empty> Abort = new(Service, "Abort", Rpc.Content.AbortRequest.Parser, Empty.Parser);
    }

    public static class Diff
    {
        public const string Service = "containerd.services.diff.v1.Diff";
        public static readonly GrpcMethod<Rpc.Diff.ApplyRequest, Rpc.Diff.ApplyResponse> Apply = new(Service, "Apply", Rpc.Diff.ApplyRequest.Parser, Rpc.Diff.ApplyResponse.Parser);
        public static readonly GrpcMethod<Rpc.Diff.DiffRequest, Rpc.Diff.DiffResponse> DiffCall = new(Service, "Diff", Rpc.Diff.DiffRequest.Parser, Rpc.Diff.DiffResponse.Parser);
    }

    public static class Events
    {
        public const string Service = "containerd.services.events.v1.Events";
        public static readonly GrpcMethod<Rpc.EventService.PublishRequest, Empty> Publish = new(Service, "Publish", Rpc.EventService.PublishRequest.Parser, Empty.Parser);
        public static readonly GrpcMethod<Rpc.EventService.ForwardRequest, Empty> Forward = new(Service, "Forward", Rpc.EventService.ForwardRequest.Parser, Empty.Parser);
        public static readonly GrpcMethod<Rpc.EventService.SubscribeRequest, Types.Envelope> Subscribe = new(Service, "Subscribe", Rpc.EventService.SubscribeRequest.Parser, Types.Envelope.Parser);
    }

    public static class Images
    {
        public const string Service = "containerd.services.images.v1.Images";
        public static readonly GrpcMethod<Rpc.Images.GetImageRequest, Rpc.Images.GetImageResponse> Get = new(Service, "Get", Rpc.Images.GetImageRequest.Parser, Rpc.Images.GetImageResponse.Parser);
        public static readonly GrpcMethod<Rpc.Images.ListImagesRequest, Rpc.Images.ListImagesResponse> List = new(Service, "List", Rpc.Images.ListImagesRequest.Parser, Rpc.Images.ListImagesResponse.Parser);
        public static readonly GrpcMethod<Rpc.Images.CreateImageRequest, Rpc.Images.CreateImageResponse> Create = new(Service, "Create", Rpc.Images.CreateImageRequest.Parser, Rpc.Images.CreateImageResponse.Parser);
        public static readonly GrpcMethod<Rpc.Images.UpdateImageRequest, Rpc.Images.UpdateImageResponse> Update = new(Service, "Update", Rpc.Images.UpdateImageRequest.Parser, Rpc.Images.UpdateImageResponse.Parser);
        public static readonly GrpcMethod<Rpc.Images.DeleteImageRequest, Empty> Delete = new(Service, "Delete", Rpc.Images.DeleteImageRequest.Parser, Empty.Parser);
    }

    public static class Introspection
    {
        public const string Service = "containerd.services.introspection.v1.Introspection";
        public static readonly GrpcMethod<Rpc.Introspection.PluginsRequest, Rpc.Introspection.PluginsResponse> Plugins = new(Service, "Plugins", Rpc.Introspection.PluginsRequest.Parser, Rpc.Introspection.PluginsResponse.Parser);
        public static readonly GrpcMethod<Empty, Rpc.Introspection.ServerResponse> Server = new(Service, "Server", Empty.Parser, Rpc.Introspection.ServerResponse.Parser);
        public static readonly GrpcMethod<Rpc.Introspection.PluginInfoRequest, Rpc.Introspection.PluginInfoResponse> PluginInfo = new(Service, "PluginInfo", Rpc.Introspection.PluginInfoRequest.Parser, Rpc.Introspection.PluginInfoResponse.Parser);
    }

    public static class Leases
    {
        public const string Service = "containerd.services.leases.v1.Leases";
        public static readonly GrpcMethod<Rpc.Leases.CreateRequest, Rpc.Leases.CreateResponse> Create = new(Service, "Create", Rpc.Leases.CreateRequest.Parser, Rpc.Leases.CreateResponse.Parser);
        public static readonly GrpcMethod<Rpc.Leases.DeleteRequest, Empty> Delete = new(Service, "Delete", Rpc.Leases.DeleteRequest.Parser, Empty.Parser);
        public static readonly GrpcMethod<Rpc.Leases.ListRequest, Rpc.Leases.ListResponse> List = new(Service, "List", Rpc.Leases.ListRequest.Parser, Rpc.Leases.ListResponse.Parser);
        public static readonly GrpcMethod<Rpc.Leases.AddResourceRequest, Empty> AddResource = new(Service, "AddResource", Rpc.Leases.AddResourceRequest.Parser, Empty.Parser);
        public static readonly GrpcMethod<Rpc.Leases.DeleteResourceRequest, Empty> DeleteResource = new(Service, "DeleteResource", Rpc.Leases.DeleteResourceRequest.Parser, Empty.Parser);
        public static readonly GrpcMethod<Rpc.Leases.ListResourcesRequest, Rpc.Leases.ListResourcesResponse> ListResources = new(Service, "ListResources", Rpc.Leases.ListResourcesRequest.Parser, Rpc.Leases.ListResourcesResponse.Parser);
    }

    public static class Namespaces
    {
        public const string Service = "containerd.services.namespaces.v1.Namespaces";
        public static readonly GrpcMethod<Rpc.Namespaces.GetNamespaceRequest, Rpc.Namespaces.GetNamespaceResponse> Get = new(Service, "Get", Rpc.Namespaces.GetNamespaceRequest.Parser, Rpc.Namespaces.GetNamespaceResponse.Parser);
        public static readonly GrpcMethod<Rpc.Namespaces.ListNamespacesRequest, Rpc.Namespaces.ListNamespacesResponse> List = new(Service, "List", Rpc.Namespaces.ListNamespacesRequest.Parser, Rpc.Namespaces.ListNamespacesResponse.Parser);
        public static readonly GrpcMethod<Rpc.Namespaces.CreateNamespaceRequest, Rpc.Namespaces.CreateNamespaceResponse> Create = new(Service, "Create", Rpc.Namespaces.CreateNamespaceRequest.Parser, Rpc.Namespaces.CreateNamespaceResponse.Parser);
        public static readonly GrpcMethod<Rpc.Namespaces.UpdateNamespaceRequest, Rpc.Namespaces.UpdateNamespaceResponse> Update = new(Service, "Update", Rpc.Namespaces.UpdateNamespaceRequest.Parser, Rpc.Namespaces.UpdateNamespaceResponse.Parser);
        public static readonly GrpcMethod<Rpc.Namespaces.DeleteNamespaceRequest, Empty> Delete = new(Service, "Delete", Rpc.Namespaces.DeleteNamespaceRequest.Parser, Empty.Parser);
    }

    public static class Snapshots
    {
        public const string Service = "containerd.services.snapshots.v1.Snapshots";
        public static readonly GrpcMethod<Rpc.Snapshots.PrepareSnapshotRequest, Rpc.Snapshots.PrepareSnapshotResponse> Prepare = new(Service, "Prepare", Rpc.Snapshots.PrepareSnapshotRequest.Parser, Rpc.Snapshots.PrepareSnapshotResponse.Parser);
        public static readonly GrpcMethod<Rpc.Snapshots.ViewSnapshotRequest, Rpc.Snapshots.ViewSnapshotResponse> View = new(Service, "View", Rpc.Snapshots.ViewSnapshotRequest.Parser, Rpc.Snapshots.ViewSnapshotResponse.Parser);
        public static readonly GrpcMethod<Rpc.Snapshots.MountsRequest, Rpc.Snapshots.MountsResponse> Mounts = new(Service, "Mounts", Rpc.Snapshots.MountsRequest.Parser, Rpc.Snapshots.MountsResponse.Parser);
        public static readonly GrpcMethod<Rpc.Snapshots.CommitSnapshotRequest, Empty> Commit = new(Service, "Commit", Rpc.Snapshots.CommitSnapshotRequest.Parser, Empty.Parser);
        public static readonly GrpcMethod<Rpc.Snapshots.RemoveSnapshotRequest, Empty> Remove = new(Service, "Remove", Rpc.Snapshots.RemoveSnapshotRequest.Parser, Empty.Parser);
        public static readonly GrpcMethod<Rpc.Snapshots.StatSnapshotRequest, Rpc.Snapshots.StatSnapshotResponse> Stat = new(Service, "Stat", Rpc.Snapshots.StatSnapshotRequest.Parser, Rpc.Snapshots.StatSnapshotResponse.Parser);
        public static readonly GrpcMethod<Rpc.Snapshots.UpdateSnapshotRequest, Rpc.Snapshots.UpdateSnapshotResponse> Update = new(Service, "Update", Rpc.Snapshots.UpdateSnapshotRequest.Parser, Rpc.Snapshots.UpdateSnapshotResponse.Parser);
        public static readonly GrpcMethod<Rpc.Snapshots.ListSnapshotsRequest, Rpc.Snapshots.ListSnapshotsResponse> List = new(Service, "List", Rpc.Snapshots.ListSnapshotsRequest.Parser, Rpc.Snapshots.ListSnapshotsResponse.Parser);
        public static readonly GrpcMethod<Rpc.Snapshots.UsageRequest, Rpc.Snapshots.UsageResponse> Usage = new(Service, "Usage", Rpc.Snapshots.UsageRequest.Parser, Rpc.Snapshots.UsageResponse.Parser);
        public static readonly GrpcMethod<Rpc.Snapshots.CleanupRequest, Empty> Cleanup = new(Service, "Cleanup", Rpc.Snapshots.CleanupRequest.Parser, Empty.Parser);
    }

    public static class Streaming
    {
        public const string Service = "containerd.services.streaming.v1.Streaming";
        public static readonly GrpcMethod<Any, Any> Stream = new(Service, "Stream", Any.Parser, Any.Parser);
    }

    public static class Tasks
    {
        public const string Service = "containerd.services.tasks.v1.Tasks";
        public static readonly GrpcMethod<Rpc.Tasks.CreateTaskRequest, Rpc.Tasks.CreateTaskResponse> Create = new(Service, "Create", Rpc.Tasks.CreateTaskRequest.Parser, Rpc.Tasks.CreateTaskResponse.Parser);
        public static readonly GrpcMethod<Rpc.Tasks.StartRequest, Rpc.Tasks.StartResponse> Start = new(Service, "Start", Rpc.Tasks.StartRequest.Parser, Rpc.Tasks.StartResponse.Parser);
        public static readonly GrpcMethod<Rpc.Tasks.DeleteTaskRequest, Rpc.Tasks.DeleteResponse> Delete = new(Service, "Delete", Rpc.Tasks.DeleteTaskRequest.Parser, Rpc.Tasks.DeleteResponse.Parser);
        public static readonly GrpcMethod<Rpc.Tasks.DeleteProcessRequest, Rpc.Tasks.DeleteResponse> DeleteProcess = new(Service, "DeleteProcess", Rpc.Tasks.DeleteProcessRequest.Parser, Rpc.Tasks.DeleteResponse.Parser);
        public static readonly GrpcMethod<Rpc.Tasks.GetRequest, Rpc.Tasks.GetResponse> Get = new(Service, "Get", Rpc.Tasks.GetRequest.Parser, Rpc.Tasks.GetResponse.Parser);
        public static readonly GrpcMethod<Rpc.Tasks.ListTasksRequest, Rpc.Tasks.ListTasksResponse> List = new(Service, "List", Rpc.Tasks.ListTasksRequest.Parser, Rpc.Tasks.ListTasksResponse.Parser);
        public static readonly GrpcMethod<Rpc.Tasks.KillRequest, Empty> Kill = new(Service, "Kill", Rpc.Tasks.KillRequest.Parser, Empty.Parser);
        public static readonly GrpcMethod<Rpc.Tasks.ExecProcessRequest, Empty> Exec = new(Service, "Exec", Rpc.Tasks.ExecProcessRequest.Parser, Empty.Parser);
        public static readonly GrpcMethod<Rpc.Tasks.ResizePtyRequest, Empty> ResizePty = new(Service, "ResizePty", Rpc.Tasks.ResizePtyRequest.Parser, Empty.Parser);
        public static readonly GrpcMethod<Rpc.Tasks.CloseIORequest, Empty> CloseIO = new(Service, "CloseIO", Rpc.Tasks.CloseIORequest.Parser, Empty.Parser);
        public static readonly GrpcMethod<Rpc.Tasks.PauseTaskRequest, Empty> Pause = new(Service, "Pause", Rpc.Tasks.PauseTaskRequest.Parser, Empty.Parser);
        public static readonly GrpcMethod<Rpc.Tasks.ResumeTaskRequest, Empty> Resume = new(Service, "Resume", Rpc.Tasks.ResumeTaskRequest.Parser, Empty.Parser);
        public static readonly GrpcMethod<Rpc.Tasks.ListPidsRequest, Rpc.Tasks.ListPidsResponse> ListPids = new(Service, "ListPids", Rpc.Tasks.ListPidsRequest.Parser, Rpc.Tasks.ListPidsResponse.Parser);
        public static readonly GrpcMethod<Rpc.Tasks.CheckpointTaskRequest, Rpc.Tasks.CheckpointTaskResponse> Checkpoint = new(Service, "Checkpoint", Rpc.Tasks.CheckpointTaskRequest.Parser, Rpc.Tasks.CheckpointTaskResponse.Parser);
        public static readonly GrpcMethod<Rpc.Tasks.UpdateTaskRequest, Empty> Update = new(Service, "Update", Rpc.Tasks.UpdateTaskRequest.Parser, Empty.Parser);
        public static readonly GrpcMethod<Rpc.Tasks.MetricsRequest, Rpc.Tasks.MetricsResponse> Metrics = new(Service, "Metrics", Rpc.Tasks.MetricsRequest.Parser, Rpc.Tasks.MetricsResponse.Parser);
        public static readonly GrpcMethod<Rpc.Tasks.WaitRequest, Rpc.Tasks.WaitResponse> Wait = new(Service, "Wait", Rpc.Tasks.WaitRequest.Parser, Rpc.Tasks.WaitResponse.Parser);
    }

    public static class Transfer
    {
        public const string Service = "containerd.services.transfer.v1.Transfer";
        public static readonly GrpcMethod<Rpc.Transfer.TransferRequest, Empty> TransferCall = new(Service, "Transfer", Rpc.Transfer.TransferRequest.Parser, Empty.Parser);
    }

    public static class Version
    {
        public const string Service = "containerd.services.version.v1.Version";
        public static readonly GrpcMethod<Empty, Rpc.Introspection.VersionResponse> VersionCall = new(Service, "Version", Empty.Parser, Rpc.Introspection.VersionResponse.Parser);
    }
}
