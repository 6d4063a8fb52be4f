using System.Globalization;
using Naru.Cli.Http2;
using Naru.Rpc.Grpc;

namespace Naru.Cli.Grpc;

/// <summary>Answers the calls that come over a connection: each method by its own function, each call on a thread of its own.</summary>
internal sealed class GrpcServer
{
    private readonly Dictionary<string, Action<GrpcStream, List<HeaderField>>> methods = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Methods => methods.Keys;

    /// <param name="path">"/package.Service/Method".</param>
    /// <param name="answer">Reads and writes messages; it returns when the call ended well, and throws when not.</param>
    public void Add(string path, Action<GrpcStream, List<HeaderField>> answer) => methods.Add(path, answer);

    /// <summary>For <see cref="Http2Connection"/>'s accept.</summary>
    public void Accept(Http2Stream stream)
    {
        try
        {
            var (code, message) = Answer(stream);
            var trailers = new List<HeaderField> { new("grpc-status", code.ToString(CultureInfo.InvariantCulture)) };
            if (message.Length > 0)
                trailers.Add(new("grpc-message", GrpcFrame.EncodeMessage(message)));
            stream.SendHeaders(trailers, end: true);
            // What the other side may still send is not read: it need not wait for windows.
            stream.Reset(Http2Error.None);
        }
        catch (Http2Exception)
        {
            // The stream or the connection is gone: there is nobody left to tell.
        }
    }

    private (int Code, string Message) Answer(Http2Stream stream)
    {
        var headers = stream.WaitForHeaders();
        var path = GrpcClient.Find(headers, ":path") ?? "";
        stream.SendHeaders([new(":status", "200"), new("content-type", "application/grpc")], hold: true);
        if (!methods.TryGetValue(path, out var answer))
            return (GrpcException.Unimplemented, $"unknown method {path}");
        var call = new GrpcStream(stream);
        try
        {
            answer(call, headers);
            call.Hold();
            return (0, "");
        }
        catch (GrpcException e)
        {
            return (e.Code, e.Message);
        }
        catch (NaruException e)
        {
            return (ErrorTables.ToGrpc(e.Kind), e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or Naru.Linux.LinuxException or EngineException)
        {
            return (GrpcException.Unknown, e.Message);
        }
    }
}
