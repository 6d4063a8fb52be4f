using Naru.Base;

namespace Naru.Hub.Storage;

/// <summary>An upload to S3: bytes gather in a file until they are a part; while that part is sent, the next gathers in another.</summary>
/// <remarks>A part that could not be sent stays, and is sent again by the next call.</remarks>
internal sealed class S3Writer(S3Client client, string key, string blob, string upload, S3State state, SpoolFile? gathering) : IObjectWriter
{
    private const int MostParts = 10_000;

    private SpoolFile? gathered = gathering;
    private SpoolFile? pending;
    private SpoolFile? spare;
    private Task<S3Part>? sending;
    private bool saved = gathering is not null;
    private long flushed = gathering?.Length ?? 0;
    private bool readable;

    public long Length => state.Sent + (pending?.Length ?? 0) + (gathered?.Length ?? 0);

    public async ValueTask Write(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        if (readable)
            throw NaruException.Conflict($"object {key} is complete: nothing can be added");
        while (!bytes.IsEmpty)
        {
            gathered ??= spare ?? new SpoolFile(client.Options.Spool);
            if (gathered == spare)
                spare = null;
            if (gathered.Length >= client.Options.PartSize)
            {
                await BeginPart(cancel);
                continue;
            }

            var count = (int)Math.Min(bytes.Length, client.Options.PartSize - gathered.Length);
            saved = false;
            gathered.Append(bytes.Span[..count]);
            bytes = bytes[count..];
        }
    }

    public async ValueTask Flush(CancellationToken cancel)
    {
        if (readable)
            return;
        await Settle();
        if (!saved)
            await Save(cancel);
    }

    public async ValueTask<Stream> ReadBack(CancellationToken cancel)
    {
        try
        {
            await Complete(cancel);
        }
        catch (NaruException e) when (e.Kind == ErrorKind.Conflict)
        {
            // It was completed before, by a process that ended then: what it holds is about to be seen.
        }

        readable = true;
        return await client.Get(blob, 0, long.MaxValue, cancel) ?? throw NaruException.NotFound($"object {key}: no such object in the bucket");
    }

    public async ValueTask Complete(CancellationToken cancel)
    {
        if (readable)
            return;
        await Settle();
        gathered ??= new SpoolFile(client.Options.Spool);
        await using var rest = gathered.Range(0, gathered.Length);
        if (state.Id is null)
        {
            await client.Put(blob, rest, first: true, cancel);
        }
        else
        {
            List<S3Part> parts = [.. state.Parts];
            if (rest.Length > 0 || parts.Count == 0)
                parts.Add(await client.PutPart(blob, state.Id, parts.Count + 1, rest, cancel));
            await client.EndParts(blob, state.Id, parts, cancel);
        }

        readable = true;
        await client.Delete(upload, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (sending is not null)
        {
            // Its file must stay until it is sent; whether it was, nobody asks any more.
            await sending.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        gathered?.Dispose();
        pending?.Dispose();
        spare?.Dispose();
    }

    private async ValueTask BeginPart(CancellationToken cancel)
    {
        await Settle();
        if (state.Parts.Count == MostParts - 1)
            throw NaruException.Invalid($"an object can have no more than {(long)MostParts * client.Options.PartSize} bytes");
        if (state.Id is null)
        {
            state.Id = await client.BeginParts(blob, cancel);
            // Known before there are parts, so that they can always be taken back. What was flushed stays flushed; what was not is about to be sent.
            await Save(cancel, tail: flushed > 0);
        }

        pending = gathered;
        gathered = null;
        sending = Send(pending!);
    }

    /// <summary>Waits for the part that is on its way; one that failed is sent again, once a call.</summary>
    private async ValueTask Settle()
    {
        if (pending is null)
            return;
        try
        {
            state.Add(await (sending ??= Send(pending)));
            pending.Length = 0;
            spare = pending;
            pending = null;
        }
        finally
        {
            sending = null;
        }
    }

    private async Task<S3Part> Send(SpoolFile part)
    {
        await using var content = part.Range(0, part.Length);
        return await client.PutPart(blob, state.Id!, state.Parts.Count + 1, content, CancellationToken.None);
    }

    private async ValueTask Save(CancellationToken cancel, bool tail = true)
    {
        using var none = tail && gathered is not null ? null : new SpoolFile(client.Options.Spool);
        var spool = none ?? gathered!;
        var length = spool.Length;
        try
        {
            spool.Append(state.Write());
            await using var content = spool.Range(0, spool.Length);
            await client.Put(upload, content, first: false, cancel);
        }
        finally
        {
            spool.Length = length;
        }

        flushed = length;
        saved = tail;
    }
}
