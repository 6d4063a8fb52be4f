namespace Naru.Rpc.Grpc;

/// <summary>A method of a gRPC service: its path, and how to read both sides' messages.</summary>
public sealed record GrpcMethod<TRequest, TResponse>(string Service, string Name, MessageParser<TRequest> RequestParser, MessageParser<TResponse> ResponseParser)
    where TRequest : IMessage<TRequest>
    where TResponse : IMessage<TResponse>
{
    /// <summary>/SERVICE/METHOD, as in HTTP/2's :path.</summary>
    public string Path { get; } = $"/{Service}/{Name}";
}
