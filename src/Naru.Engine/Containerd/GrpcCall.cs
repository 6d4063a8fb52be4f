using Google.Protobuf;

namespace Naru.Engine.Containerd;

/// <summary>A call in both directions. Owned by who opened it; disposing it ends it.</summary>
public sealed class GrpcCall : IDisposable
{
    private readonly GrpcRequestBody body;
    private Stream? answer;

    internal GrpcCall(GrpcRequestBody body) => this.body = body;

    internal Task<HttpResponseMessage>? Response { get; set; }

    public Task Send(IMessage message, CancellationToken cancel) => body.Send(message, cancel);

    /// <summary>No more requests.</summary>
    public void EndRequests() => body.End();

    /// <summary>The next answer, or null at the end of a call that went well.</summary>
    public async Task<TResponse?> Receive<TResponse>(MessageParser<TResponse> parser, CancellationToken cancel)
        where TResponse : class, IMessage<TResponse>
    {
        var response = await Response!.WaitAsync(cancel);
        answer ??= await response.Content.ReadAsStreamAsync(cancel);
        if (await GrpcConnection.ReadMessage(answer, cancel) is { } bytes)
            return parser.ParseFrom(bytes);
        GrpcConnection.Check(response);
        return null;
    }

    public void Dispose()
    {
        body.End();
        answer?.Dispose();
        if (Response is { IsCompletedSuccessfully: true })
            Response.Result.Dispose();
    }
}
