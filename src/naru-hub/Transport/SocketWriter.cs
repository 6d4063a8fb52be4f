using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;
using Naru.Base;

namespace Naru.HubServer.Transport;

/// <summary>Writes to a socket; a whole file may take the place of bytes. Who takes less than he must is cut off.</summary>
/// <remarks>
/// Kestrel counts what it gave to a connection, and allows all of it the time that the slowest client needs: for a file of a gigabyte, weeks. Here counts
/// what the client's side has acknowledged (tcp(7), TCP_INFO).
/// </remarks>
/// <param name="lost">Ends the connection.</param>
internal sealed class SocketWriter(Socket socket, PipeWriter inner, Patience patience, Action lost) : PipeWriter
{
    private const int LevelTcp = 6;
    private const int TcpInfo = 11;

    /// <summary>Where <c>tcpi_bytes_acked</c> is in <c>struct tcp_info</c>: 8 bytes of small fields, 24 of 4, 2 rates of 8.</summary>
    private const int BytesAcknowledged = 8 + (24 * 4) + (2 * 8);

    private SafeFileHandle? file;
    private long promised;

    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    public override long UnflushedBytes => inner.UnflushedBytes;

    /// <summary>From now until the next flush, what is advanced by stands for the bytes of <paramref name="next"/>, which that flush sends.</summary>
    public void Begin(SafeFileHandle next)
    {
        file = next;
        promised = 0;
    }

    public override void Advance(int bytes)
    {
        if (file is null)
            inner.Advance(bytes);
        else
            promised += bytes;
    }

    public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        var flushing = file is { } whole ? SendFile(whole, cancellationToken) : inner.FlushAsync(cancellationToken);
        return flushing.IsCompletedSuccessfully ? flushing : Watch(flushing.AsTask());
    }

    /// <summary>Waits for a flush as long as the client takes something of it. A connection that is gone is told as one whose end reads no more, which the server understands.</summary>
    private async ValueTask<FlushResult> Watch(Task<FlushResult> flushing)
    {
        try
        {
            for (var taken = Taken(); ;)
            {
                try
                {
                    return await flushing.WaitAsync(patience.Time);
                }
                catch (TimeoutException) when (!flushing.IsCompleted)
                {
                }

                var now = Taken();
                if (now - taken < patience.Least)
                {
                    Log.Debug($"{socket.RemoteEndPoint} took {now - taken} bytes in {patience.Time.TotalSeconds} seconds: it is cut off");

                    // What the system still holds for it is dropped too.
                    socket.LingerState = new LingerOption(true, 0);
                    lost();
                }

                taken = now;
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            lost();
            return new FlushResult(isCanceled: false, isCompleted: true);
        }
    }

    /// <summary>How many bytes of this connection arrived.</summary>
    private long Taken()
    {
        Span<byte> info = stackalloc byte[BytesAcknowledged + sizeof(long)];
        return socket.GetRawSocketOption(LevelTcp, TcpInfo, info) < info.Length
            ? throw new IOException("the system does not say how much of a connection arrived")
            : BinaryPrimitives.ReadInt64LittleEndian(info[BytesAcknowledged..]);
    }

    private async ValueTask<FlushResult> SendFile(SafeFileHandle whole, CancellationToken cancel)
    {
        file = null;
        await inner.FlushAsync(cancel);
        if (RandomAccess.GetLength(whole) != promised)
            throw new IOException($"the file has {RandomAccess.GetLength(whole)} bytes, {promised} were promised");
        await socket.SendFileAsync($"/proc/self/fd/{whole.DangerousGetHandle()}", default, default, TransmitFileOptions.UseDefaultWorkerThread, cancel);
        return new FlushResult(isCanceled: false, isCompleted: false);
    }
}
