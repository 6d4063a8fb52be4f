using Naru.Base;
using Naru.Containerd;
using Naru.Rpc.EventService;
using Naru.Rpc.Types;

namespace Naru.ContainerdDaemon;

/// <summary>containerd.services.events.v1</summary>
internal sealed class EventsService(EventExchange events)
{
    private const string Service = "containerd.services.events.v1.Events/";

    public void Map(GrpcRouter router)
    {
        router.Unary(Service + "Publish", PublishRequest.Parser, (call, request) =>
            events.Publish(new EventEnvelope(DateTime.UtcNow, call.Scope.Namespace, request.Topic, request.Event)));
        router.Unary(Service + "Forward", ForwardRequest.Parser, (_, request) => Forward(request));
        router.ServerStream(Service + "Subscribe", SubscribeRequest.Parser, Subscribe);
    }

    /// <summary>Passes on an event that a shim made: by gRPC, or by ttrpc's Forward.</summary>
    /// <exception cref="NaruException">InvalidArgument: no envelope or no event in it.</exception>
    public void Forward(ForwardRequest request)
    {
        if (request.Envelope?.Event is null)
            throw NaruException.Invalid("event envelope must not be empty: invalid argument");
        var envelope = request.Envelope;
        events.Publish(new EventEnvelope(envelope.Timestamp?.ToDateTime() ?? DateTime.UtcNow, envelope.Namespace, envelope.Topic, envelope.Event));
    }

    private async Task Subscribe(GrpcCall call, SubscribeRequest request)
    {
        var reader = events.Subscribe(Filter.Parse(request.Filters), call.Cancel);

        // The headers say that the subscription stands: what happens from now on is heard.
        await call.Begin();
        await foreach (var envelope in reader.ReadAllAsync(call.Cancel))
        {
            await call.Write(new Envelope
            {
                Timestamp = Wire.Time(envelope.Timestamp),
                Namespace = envelope.Namespace,
                Topic = envelope.Topic,
                Event = envelope.Event,
            });
        }
    }
}
