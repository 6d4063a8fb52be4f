namespace Naru.Shim.Transport;

/// <summary>Frames on their way out of a connection that never blocks.</summary>
internal sealed class OutQueue
{
    private readonly Queue<byte[]> frames = new();
    private int sent;

    public bool IsEmpty => frames.Count == 0;

    public void Add(byte[] frame) => frames.Enqueue(frame);

    /// <summary>Writes what can be written.</summary>
    /// <exception cref="LinuxException">The other side has gone.</exception>
    public void Flush(Descriptor connection)
    {
        while (frames.TryPeek(out var frame))
        {
            sent += connection.Write(frame.AsSpan(sent));
            if (sent < frame.Length)
                return;
            sent = 0;
            frames.Dequeue();
        }
    }
}
