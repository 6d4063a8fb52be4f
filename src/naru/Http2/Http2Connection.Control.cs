using System.Buffers.Binary;

namespace Naru.Cli.Http2;

/// <summary>The frames that carry no content: they end streams, and say how much more may be sent.</summary>
internal sealed partial class Http2Connection
{
    private void HandleReset(FrameHeader frame, ReadOnlySpan<byte> payload)
    {
        if (payload.Length != 4)
            throw new Http2Exception(Http2Error.FrameSize, $"http2: an RST_STREAM of {payload.Length} bytes");
        var error = (Http2Error)BinaryPrimitives.ReadUInt32BigEndian(payload);
        lock (gate)
        {
            if (streams.Remove(frame.Stream, out var stream))
                stream.Fail(new Http2Exception(error, $"http2: the other side reset the stream ({error})"));
            Monitor.PulseAll(gate);
        }
    }

    private void HandleSettings(FrameHeader frame, ReadOnlySpan<byte> payload)
    {
        if (frame.Has(FrameFlags.Acknowledge))
            return;
        if (payload.Length % 6 != 0)
            throw new Http2Exception(Http2Error.FrameSize, $"http2: SETTINGS of {payload.Length} bytes");
        lock (gate)
        {
            for (; !payload.IsEmpty; payload = payload[6..])
            {
                var value = BinaryPrimitives.ReadUInt32BigEndian(payload[2..]);
                switch (BinaryPrimitives.ReadUInt16BigEndian(payload))
                {
                    case 4 when value > int.MaxValue:
                        throw new Http2Exception(Http2Error.FlowControl, $"http2: a window of {value} bytes");
                    case 4:
                        foreach (var stream in streams.Values)
                            stream.SendWindow += (int)value - peerWindow;
                        peerWindow = (int)value;
                        break;
                    case 5 when value is < SmallestFrame or > 0xffffff:
                        throw new Http2Exception(Http2Error.Protocol, $"http2: frames of {value} bytes");
                    case 5:
                        peerFrame = (int)value;
                        break;
                }
            }

            Monitor.PulseAll(gate);
        }

        writer.AcknowledgeSettings();
    }

    private void HandleGoAway(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < 8)
            throw new Http2Exception(Http2Error.FrameSize, "http2: a GOAWAY that is too short");
        var last = BinaryPrimitives.ReadInt32BigEndian(payload) & int.MaxValue;
        lock (gate)
        {
            if (server)
                return;
            foreach (var (id, stream) in streams)
            {
                if (id > last)
                    stream.Fail(new Http2Exception(Http2Error.RefusedStream, "http2: the other side is closing the connection"));
            }

            Monitor.PulseAll(gate);
        }
    }

    private void HandleWindowUpdate(FrameHeader frame, ReadOnlySpan<byte> payload)
    {
        if (payload.Length != 4)
            throw new Http2Exception(Http2Error.FrameSize, $"http2: a WINDOW_UPDATE of {payload.Length} bytes");
        var count = BinaryPrimitives.ReadInt32BigEndian(payload) & int.MaxValue;
        lock (gate)
        {
            if (frame.Stream == 0)
                sendWindow += count;
            else if (streams.TryGetValue(frame.Stream, out var stream))
                stream.SendWindow += count;
            if (sendWindow > int.MaxValue)
                throw new Http2Exception(Http2Error.FlowControl, "http2: the connection's window overflows");
            Monitor.PulseAll(gate);
        }
    }
}
