using Google.Protobuf;
using Naru.Cli.Grpc;
using Naru.Cli.Http2;
using Naru.Rpc.Content;

namespace Naru.Cli.Build.Session;

/// <summary>containerd's content service for folders of ours that hold caches and images: the builder reads their blobs, and writes those of caches.</summary>
internal sealed class ContentService
{
    private const string Service = "/containerd.services.content.v1.Content/", StoreHeader = "buildkit-attachable-store-id";
    private const string CacheStore = "local:";
    private const int Part = 1 << 20;

    private readonly Dictionary<string, BlobFolder> folders = new(StringComparer.Ordinal);

    /// <summary>Offers a folder by the name that the builder knows it by.</summary>
    public void Lend(string folder) => folders.TryAdd(CacheStore + folder, new BlobFolder(folder));

    /// <summary>Offers an image layout to be read, by a name of the caller's.</summary>
    public void LendLayout(string name, string folder) => folders.TryAdd(name, new BlobFolder(folder));

    public void Register(GrpcServer server)
    {
        if (folders.Count == 0)
            return;
        server.Add(Service + "Info", Info);
        server.Add(Service + "Read", Read);
        server.Add(Service + "Write", Write);
        server.Add(Service + "Status", Status);
        server.Add(Service + "Abort", Abort);
    }

    private void Info(GrpcStream call, List<HeaderField> metadata)
    {
        var folder = Folder(metadata);
        var digest = call.Read(InfoRequest.Parser)?.Digest ?? "";
        using var file = folder.Open(digest) ?? throw Missing(digest);
        call.Write(new InfoResponse { Info = new Info { Digest = digest, Size = file.Length } });
    }

    private void Read(GrpcStream call, List<HeaderField> metadata)
    {
        var folder = Folder(metadata);
        var request = call.Read(ReadContentRequest.Parser) ?? new ReadContentRequest();
        using var file = folder.Open(request.Digest) ?? throw Missing(request.Digest);
        var (offset, left) = (request.Offset, file.Length - request.Offset);
        if (offset < 0 || left < 0)
            throw new GrpcException(GrpcException.InvalidArgument, "read past object length", []);
        if (request.Size > 0)
            left = Math.Min(left, request.Size);
        file.Position = offset;
        var buffer = new byte[Part];
        for (int count; left > 0 && (count = file.Read(buffer, 0, (int)Math.Min(left, Part))) > 0; offset += count, left -= count)
            call.Write(new ReadContentResponse { Offset = offset, Data = ByteString.CopyFrom(buffer, 0, count) });
    }

    /// <summary>One blob: asked for its state, written front to back, committed.</summary>
    private void Write(GrpcStream call, List<HeaderField> metadata)
    {
        var folder = Folder(metadata);
        if (!(GrpcClient.Find(metadata, StoreHeader) ?? "").StartsWith(CacheStore, StringComparison.Ordinal))
            throw new GrpcException(GrpcException.PermissionDenied, "this content store is only read", []);
        FileStream? file = null;
        var (total, expected) = (0L, "");
        try
        {
            while (call.Read(WriteContentRequest.Parser) is { } request)
            {
                total = request.Total > 0 ? request.Total : total;
                expected = request.Expected.Length > 0 ? request.Expected : expected;
                if (file is null)
                {
                    if (expected.Length > 0 && folder.Has(expected))
                        throw new GrpcException(GrpcException.AlreadyExists, $"content {expected}: already exists", []);
                    file = folder.Begin();
                }

                if (request.Action != WriteAction.Stat && request.Data.Length > 0)
                {
                    if (request.Offset != file.Length)
                        throw new GrpcException(GrpcException.OutOfRange, $"write @{request.Offset} must occur at current offset {file.Length}", []);
                    file.Write(request.Data.Span);
                }

                var digest = request.Action == WriteAction.Commit ? folder.Commit(file, total, expected) : "";
                call.Write(new WriteContentResponse { Action = request.Action, Offset = file.Length, Total = total, Digest = digest });
                call.Flush();
            }
        }
        finally
        {
            if (file is not null)
            {
                file.Dispose();
                File.Delete(file.Name);
            }
        }
    }

    /// <summary>A write that ended was committed or is gone.</summary>
    private void Status(GrpcStream call, List<HeaderField> metadata) =>
        throw new GrpcException(GrpcException.NotFound, $"ingest {call.Read(StatusRequest.Parser)?.Ref}: not found", []);

    private void Abort(GrpcStream call, List<HeaderField> metadata) =>
        throw new GrpcException(GrpcException.NotFound, $"ingest {call.Read(AbortRequest.Parser)?.Ref}: not found", []);

    private BlobFolder Folder(List<HeaderField> metadata)
    {
        var name = GrpcClient.Find(metadata, StoreHeader) ?? "";
        if (GrpcClient.Find(metadata, StoreHeader + "-encoded") == "1")
            name = Uri.UnescapeDataString(name);
        return folders.TryGetValue(name, out var folder) ? folder : throw new GrpcException(GrpcException.NotFound, $"unknown content store {GoText.Quote(name)}", []);
    }

    private static GrpcException Missing(string digest) => new(GrpcException.NotFound, $"content {digest}: not found", []);
}
