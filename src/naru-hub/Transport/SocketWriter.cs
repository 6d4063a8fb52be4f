using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Naru.HubServer.Transport;

/// <summary>Writes to a socket; a whole file may take the place of bytes.</summary>
internal sealed class SocketWriter(Socket socket, PipeWriter inner) : PipeWriter
{
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

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
        file is { } whole ? SendFile(whole, cancellationToken) : inner.FlushAsync(cancellationToken);

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
