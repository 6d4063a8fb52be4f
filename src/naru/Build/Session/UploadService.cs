using Google.Protobuf;
using Naru.Cli.Grpc;
using Naru.Cli.Http2;
using Naru.Rpc.BuildSession.Upload;

namespace Naru.Cli.Build.Session;

/// <summary>moby.upload.v1.Upload: streams that the builder fetches as if from a web server.</summary>
internal sealed class UploadService
{
    private const int Part = 64 * 1024;

    private readonly Dictionary<string, Stream> streams = new(StringComparer.Ordinal);

    /// <summary>Offers a stream, once; returns the address by which the builder asks for it.</summary>
    public string Offer(Stream stream)
    {
        var id = BuildSession.NewId();
        streams.Add(id, stream);
        return $"http://buildkit-session/{id}";
    }

    public void Register(GrpcServer server)
    {
        if (streams.Count > 0)
            server.Add("/moby.upload.v1.Upload/Pull", Pull);
    }

    private void Pull(GrpcStream call, List<HeaderField> metadata)
    {
        var path = GrpcClient.Find(metadata, "urlpath") ?? "";
        Stream? stream;
        lock (streams)
            streams.Remove(path[(path.LastIndexOf('/') + 1)..], out stream);
        if (stream is null)
            throw new GrpcException(GrpcException.NotFound, $"no http response from session for {path}", []);
        var buffer = new byte[Part];
        for (int count; (count = stream.Read(buffer)) > 0;)
            call.Write(new BytesMessage { Data = ByteString.CopyFrom(buffer, 0, count) });
    }
}
