using Naru.Rpc.EventService;
using Naru.Rpc.Ttrpc;
using Naru.Rpc.Types;

namespace Naru.Shim.Transport;

/// <summary>Sends events to containerd, in order, one at a time, each until it has been answered: containerd may be away for a while.</summary>
internal sealed class EventPublisher(EventLoop loop, string address, string containerdNamespace)
{
    /// <summary>The most events that wait; the oldest go first beyond that.</summary>
    private const int Most = 10_000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private readonly LinkedList<Envelope> waiting = [];
    private Descriptor? socket;
    private Watch? watch;
    private FrameBuffer incoming = new();
    private OutQueue outgoing = new();
    private uint stream;
    private bool sending, paused;

    /// <param name="type">The message's full name in protobuf, which is its type URL.</param>
    public void Publish(string topic, string type, IMessage message)
    {
        waiting.AddLast(new Envelope
        {
            Timestamp = Timestamp.FromDateTime(DateTime.UtcNow),
            Namespace = containerdNamespace,
            Topic = topic,
            Event = new Any { TypeUrl = type, Value = message.ToByteString() },
        });
        if (waiting.Count > Most)
            waiting.Remove(sending ? waiting.First!.Next! : waiting.First!);
        Send();
    }

    /// <summary>Completes when all events have been delivered, or after this long.</summary>
    public async Task DrainAsync(TimeSpan most)
    {
        for (var waited = TimeSpan.Zero; waited < most && waiting.Count > 0; waited += TimeSpan.FromMilliseconds(10))
            await loop.Delay(TimeSpan.FromMilliseconds(10));
    }

    private void Send()
    {
        if (sending || paused || waiting.First is not { } next || !Connect())
            return;
        var request = new Request
        {
            Service = "containerd.services.events.ttrpc.v1.Events",
            Method = "Forward",
            Payload = new ForwardRequest { Envelope = next.Value }.ToByteString(),
        };
        request.Metadata.Add(new KeyValue { Key = Rpc.Metadata.Namespace, Value = containerdNamespace });
        sending = true;
        outgoing.Add(FrameHeader.Frame(stream, FrameType.Request, request));
        stream += 2;
        Guard(() =>
        {
            outgoing.Flush(socket!);
            watch!.Interest = outgoing.IsEmpty ? Readiness.Read : Readiness.Read | Readiness.Write;
        });
    }

    private bool Connect()
    {
        if (socket is not null)
            return true;
        socket = UnixSocket.TryConnect(address.StartsWith("unix://", StringComparison.Ordinal) ? address["unix://".Length..] : address);
        if (socket is null)
        {
            Retry();
            return false;
        }
        stream = 1;
        incoming = new FrameBuffer();
        outgoing = new OutQueue();
        watch = loop.Add(socket, Readiness.Read, Ready);
        return true;
    }

    private void Ready(Readiness readiness) => Guard(() =>
    {
        if ((readiness & Readiness.Write) != 0)
            outgoing.Flush(socket!);
        watch!.Interest = outgoing.IsEmpty ? Readiness.Read : Readiness.Read | Readiness.Write;
        var open = incoming.Fill(socket!);
        while (incoming.TryTake(out var header, out var payload))
        {
            if (header.Type != FrameType.Response || !sending)
                continue;
            var status = Response.Parser.ParseFrom(payload).Status;
            if (status is { Code: not 0 })
                ShimLog.Warn($"event {waiting.First!.Value.Topic} was refused: {status.Message}");
            sending = false;
            waiting.RemoveFirst();
        }
        incoming.Compact();
        if (!open)
            Disconnect();
        else
            Send();
    });

    private void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (Exception failure) when (failure is LinuxException or NaruException or InvalidProtocolBufferException)
        {
            ShimLog.Debug($"events: {failure.Message}");
            Disconnect();
        }
    }

    // What has been sent and not answered is sent again: an event twice is better than one never.
    private void Disconnect()
    {
        watch?.Dispose();
        socket?.Dispose();
        socket = null;
        sending = false;
        if (waiting.Count > 0)
            Retry();
    }

    private void Retry()
    {
        if (paused)
            return;
        paused = true;
        loop.After(Pause, () =>
        {
            paused = false;
            Send();
        });
    }
}
