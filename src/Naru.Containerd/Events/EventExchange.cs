using System.Threading.Channels;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Naru.Base;

namespace Naru.Containerd;

/// <summary>Passes events from those who publish to those who subscribe. Nothing is kept for later.</summary>
public sealed class EventExchange
{
    /// <summary>A subscriber that lags this far behind is cut off, so that it never holds up the others or grows without end.</summary>
    private const int Backlog = 4096;

    private readonly Lock gate = new();
    private readonly List<(Filter Filter, Channel<EventEnvelope> Channel)> subscribers = [];

    /// <summary>Publishes the daemon's own event.</summary>
    public void Publish(string @namespace, string topic, IMessage message) =>
        Publish(new EventEnvelope(DateTime.UtcNow, @namespace, topic, Pack(message)));

    /// <exception cref="NaruException">InvalidArgument: namespace or topic is malformed.</exception>
    public void Publish(EventEnvelope envelope)
    {
        if (!envelope.Topic.StartsWith('/') || envelope.Topic.Length < 2)
            throw NaruException.Invalid($"topic \"{envelope.Topic}\" must start with '/' and name something: invalid argument");
        Identifiers.Validate(envelope.Namespace);
        lock (gate)
        {
            for (var i = subscribers.Count - 1; i >= 0; i--)
            {
                var (filter, channel) = subscribers[i];
                if (!filter.Matches(envelope.Field) || channel.Writer.TryWrite(envelope))
                    continue;
                channel.Writer.TryComplete(new NaruException(ErrorKind.Unavailable, "subscriber lags too far behind: unavailable"));
                subscribers.RemoveAt(i);
            }
        }
    }

    /// <summary>Begins to listen, at once; ends when <paramref name="cancel"/> says so.</summary>
    public ChannelReader<EventEnvelope> Subscribe(Filter filter, CancellationToken cancel)
    {
        var channel = Channel.CreateBounded<EventEnvelope>(Backlog);
        lock (gate)
            subscribers.Add((filter, channel));
        cancel.Register(() =>
        {
            lock (gate)
                subscribers.RemoveAll(s => s.Channel == channel);
            channel.Writer.TryComplete();
        });
        return channel.Reader;
    }

    /// <summary>A message in an Any as containerd writes it: the type's bare name, no host before it.</summary>
    public static Any Pack(IMessage message) => new() { TypeUrl = message.Descriptor.FullName, Value = message.ToByteString() };
}
