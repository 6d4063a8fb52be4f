using Google.Protobuf.WellKnownTypes;
using Naru.Rpc.Streaming;

namespace Naru.ContainerdDaemon;

/// <summary>containerd.services.streaming.v1: the client names a stream; it lives until the call that uses it is done with it.</summary>
internal sealed class StreamingService(StreamRegistry streams)
{
    public void Map(GrpcRouter router) => router.Duplex("containerd.services.streaming.v1.Streaming/Stream", Serve);

    private async Task Serve(GrpcCall call)
    {
        var init = StreamInit.Parser.ParseFrom((await call.ReadOne(Any.Parser)).Value);
        var stream = new NamedStream(call);
        streams.Add(init.Id, stream);
        try
        {
            // The answer says that the stream can be named from now on.
            await stream.Send(new Empty());
            await stream.Closed.WaitAsync(call.Cancel);
        }
        finally
        {
            streams.Remove(init.Id);
        }
    }
}
