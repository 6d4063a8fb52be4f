using System.Threading.Channels;
using Naru.Engine.Logs;

namespace Naru.Engine.Streams;

/// <summary>One attached client's share of a process's output. Filled by the thread that reads the process, emptied by the client's own task.</summary>
/// <remarks>A client that is slow holds the process back once 16 MiB wait for it; one that reads nothing for 2 s more is cut off, so that the log goes on.</remarks>
public sealed class OutputSink
{
    private const long Limit = 16 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Channel<(LogSource Source, byte[] Bytes)> channel = Channel.CreateUnbounded<(LogSource, byte[])>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly ManualResetEventSlim taken = new(true);
    private long waiting;

    public ChannelReader<(LogSource Source, byte[] Bytes)> Reader => channel.Reader;

    /// <summary>False when the client was cut off.</summary>
    public bool Push(LogSource source, ReadOnlySpan<byte> bytes)
    {
        while (Interlocked.Read(ref waiting) > Limit)
        {
            taken.Reset();
            if (Interlocked.Read(ref waiting) > Limit && !taken.Wait(Patience))
            {
                channel.Writer.TryComplete();
                return false;
            }
        }

        Interlocked.Add(ref waiting, bytes.Length);
        return channel.Writer.TryWrite((source, bytes.ToArray()));
    }

    /// <summary>The client has taken so many bytes.</summary>
    public void Took(int count)
    {
        Interlocked.Add(ref waiting, -count);
        taken.Set();
    }

    public void End() => channel.Writer.TryComplete();
}
