using Microsoft.AspNetCore.Http;
using Naru.Base;
using Naru.HubServer.Transport;

namespace Naru.HubServer.Operation;

/// <summary>The body of a request, counted as it is read. Who sends less than he must is refused (408).</summary>
/// <remarks>
/// Kestrel looks at the average of the whole request: who sent a gigabyte could then be silent for weeks. A read that waits ends with the request, which is what
/// readers' own tokens are about.
/// </remarks>
internal sealed class RequestBody : ForwardStream
{
    private readonly Stream body;
    private readonly RequestRecord record;
    private readonly Patience patience;
    private readonly CancellationToken aborted;
    private readonly CancellationTokenSource limit;
    private long waited;
    private long came;

    public RequestBody(HttpContext context, RequestRecord record, Patience patience)
    {
        body = context.Request.Body;
        aborted = context.RequestAborted;
        limit = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        this.record = record;
        this.patience = patience;
    }

    public override bool CanRead => true;

    public override bool CanWrite => false;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var reading = body.ReadAsync(buffer, limit.Token);
        return reading.IsCompletedSuccessfully ? new(Counted(reading.Result)) : Wait(reading);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    protected override void Dispose(bool disposing)
    {
        limit.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask<int> Wait(ValueTask<int> reading)
    {
        var begun = Environment.TickCount64;
        limit.CancelAfter(patience.Time);
        int count;
        try
        {
            count = await reading;
        }
        catch (OperationCanceledException) when (!aborted.IsCancellationRequested)
        {
            throw TooSlow();
        }

        // What is done with the bytes takes the time that it takes.
        limit.CancelAfter(Timeout.Infinite);
        Counted(count);
        waited += Environment.TickCount64 - begun;
        if (waited < patience.Time.TotalMilliseconds)
            return count;
        if (came < patience.Least && count > 0)
            throw TooSlow();
        waited = came = 0;
        return count;
    }

    private int Counted(int count)
    {
        record.Received += count;
        came += count;
        return count;
    }

    private static BadHttpRequestException TooSlow() => new("the body of the request comes too slowly", StatusCodes.Status408RequestTimeout);
}
