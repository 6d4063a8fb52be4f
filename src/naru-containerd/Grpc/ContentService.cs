using Google.Protobuf;
using Naru.Base;
using Naru.Containerd;
using Naru.Rpc.Content;
using Naru.Rpc.Events;

namespace Naru.ContainerdDaemon;

/// <summary>containerd.services.content.v1</summary>
internal sealed class ContentService(ContentStore content, EventExchange events)
{
    private const string Service = "containerd.services.content.v1.Content/";

    /// <summary>How much of a blob one message carries.</summary>
    private const int ChunkSize = 1 << 20;

    /// <summary>How many infos one message of a list carries; containerd's.</summary>
    private const int ListSize = 100;

    public void Map(GrpcRouter router)
    {
        router.Unary(Service + "Info", InfoRequest.Parser, (call, request) => new InfoResponse { Info = Message(content.Info(call.Scope, request.Digest)) });
        router.Unary(Service + "Update", UpdateRequest.Parser, (call, request) =>
            new UpdateResponse { Info = Message(content.Update(call.Scope, request.Info.Digest, request.Info.Labels, Wire.Paths(request.UpdateMask))) });
        router.ServerStream(Service + "List", ListContentRequest.Parser, List);
        router.Unary(Service + "Delete", DeleteContentRequest.Parser, (call, request) =>
        {
            content.Delete(call.Scope, request.Digest);
            events.Publish(call.Scope.Namespace, "/content/delete", new ContentDelete { Digest = request.Digest });
        });
        router.ServerStream(Service + "Read", ReadContentRequest.Parser, Read);
        router.Unary(Service + "Status", StatusRequest.Parser, (call, request) => new StatusResponse { Status = Message(content.Status(call.Scope, request.Ref)) });
        router.Unary(Service + "ListStatuses", ListStatusesRequest.Parser, (call, request) =>
        {
            var response = new ListStatusesResponse();
            response.Statuses.Add(content.Statuses(call.Scope, Filter.Parse(request.Filters)).Select(Message));
            return response;
        });
        router.Duplex(Service + "Write", Write);
        router.Unary(Service + "Abort", AbortRequest.Parser, (call, request) => content.Abort(call.Scope, request.Ref));
    }

    private async Task List(GrpcCall call, ListContentRequest request)
    {
        foreach (var chunk in content.List(call.Scope, Filter.Parse(request.Filters)).Chunk(ListSize))
        {
            var response = new ListContentResponse();
            response.Info.Add(chunk.Select(Message));
            await call.Write(response);
        }
    }

    private async Task Read(GrpcCall call, ReadContentRequest request)
    {
        using var file = content.Open(call.Scope, request.Digest);
        var length = file.Length;
        if (request.Offset < 0 || request.Offset > length)
            throw new NaruException(ErrorKind.InvalidArgument, $"read past object length {length} bytes: invalid argument");
        if (request.Size < 0 || request.Size > length - request.Offset)
            throw new NaruException(ErrorKind.InvalidArgument, $"read past object length {length} bytes: invalid argument");
        var offset = request.Offset;
        var end = request.Size == 0 ? length : offset + request.Size;
        var buffer = new byte[(int)Math.Min(ChunkSize, Math.Max(1, end - offset))];
        while (offset < end)
        {
            var count = await RandomAccess.ReadAsync(file.SafeFileHandle, buffer.AsMemory(0, (int)Math.Min(buffer.Length, end - offset)), offset, call.Cancel);
            if (count == 0)
                throw new NaruException(ErrorKind.Internal, $"content {request.Digest} ends at {offset}, not {length}");
            await call.Write(new ReadContentResponse { Offset = offset, Data = UnsafeByteOperations.UnsafeWrap(buffer.AsMemory(0, count)) });
            offset += count;
        }
    }

    private async Task Write(GrpcCall call)
    {
        var scope = call.Scope;
        var request = await call.ReadOne(WriteContentRequest.Parser);
        if (request.Ref.Length == 0)
            throw NaruException.Invalid("first message must have a reference: invalid argument");
        using var writer = content.OpenWriter(scope, request.Ref, request.Total, request.Expected);
        for (var next = request; next is not null; next = await call.Read(WriteContentRequest.Parser))
        {
            if (next.Ref.Length > 0 && next.Ref != writer.Reference)
                throw NaruException.Invalid($"unexpected ref {next.Ref}, expected {writer.Reference}: invalid argument");
            if (next.Total > 0)
                writer.Total = writer.Total == 0 || writer.Total == next.Total ? next.Total : throw NaruException.Invalid($"commit size conflict: {next.Total} != {writer.Total}: invalid argument");
            if (next.Expected.Length > 0)
                writer.Expected = next.Expected;
            var response = await Step(scope, writer, next, call);
            await call.Write(response);
            if (next.Action == WriteAction.Commit)
                return;
        }
    }

    private async Task<WriteContentResponse> Step(Scope scope, IngestWriter writer, WriteContentRequest request, GrpcCall call)
    {
        if (request.Action != WriteAction.Stat && (request.Data.Length > 0 || request.Action == WriteAction.Write))
            Append(writer, request);
        var status = writer.Status;
        var response = new WriteContentResponse
        {
            Action = request.Action,
            StartedAt = Wire.Time(status.Started),
            UpdatedAt = Wire.Time(status.Updated),
            Offset = writer.Offset,
            Total = writer.Total,
            Digest = writer.Digest,
        };
        if (request.Action == WriteAction.Commit)
        {
            // fsync may take its time: not on the thread that serves the connection.
            response.Digest = await Task.Run(() => writer.Commit(writer.Total, writer.Expected, request.Labels), call.Cancel);
            events.Publish(scope.Namespace, "/content/create", new ContentCreate { Digest = response.Digest, Size = response.Offset });
        }

        return response;
    }

    private static void Append(IngestWriter writer, WriteContentRequest request)
    {
        if (request.Offset == 0 && writer.Offset > 0 && request.Data.Length > 0)
            writer.Truncate();
        if (request.Offset > 0 && request.Offset != writer.Offset)
            throw new NaruException(ErrorKind.InvalidArgument, $"write @{request.Offset} must occur at current offset {writer.Offset}: out of range");
        writer.Write(request.Data.Span);
    }

    private static Info Message(ContentInfo info)
    {
        var message = new Info { Digest = info.Digest, Size = info.Size, CreatedAt = Wire.Time(info.Created), UpdatedAt = Wire.Time(info.Updated) };
        Wire.Copy(info.Labels, message.Labels);
        return message;
    }

    private static Status Message(IngestStatus status) => new()
    {
        Ref = status.Reference,
        Offset = status.Offset,
        Total = status.Total,
        Expected = status.Expected,
        StartedAt = Wire.Time(status.Started),
        UpdatedAt = Wire.Time(status.Updated),
    };
}
