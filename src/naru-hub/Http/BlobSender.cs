using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Naru.Base;
using Naru.Hub.Storage;
using Naru.HubServer.Operation;
using Naru.HubServer.Transport;

namespace Naru.HubServer.Http;

/// <summary>Sends the bytes of an object as a response's body.</summary>
internal static class BlobSender
{
    private const int Piece = 64 << 10;

    /// <summary>Below this, to send a file costs more than to copy it.</summary>
    private const int WorthSending = 64 << 10;

    /// <exception cref="NaruException">Internal: the object ends before <paramref name="length"/>; the answer is cut off then.</exception>
    public static async Task Send(Stream content, long length, HubCall call)
    {
        // The server does not count what is advanced, and would cut off whoever does not have it within its grace: SocketWriter does it better.
        if (HttpProtocol.IsHttp11(call.Request.Protocol) && call.Context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
        if (content is FileRange { At: 0 } range && length >= WorthSending && RandomAccess.GetLength(range.File) == length
            && await FileSending.TrySend(call.Context, range.File, length))
            return;
        var writer = call.Response.BodyWriter;
        var record = RequestRecord.Of(call.Context);
        record.Unsent = length;
        for (var left = length; left > 0;)
        {
            // Read into what is sent: no buffer in between.
            var memory = writer.GetMemory(Piece);
            var count = await content.ReadAsync(memory[..(int)Math.Min(memory.Length, left)], call.Cancel);
            if (count == 0)
                throw new NaruException(ErrorKind.Internal, $"stored object ends {left} bytes early");
            writer.Advance(count);
            record.Unsent = left -= count;
            if ((await writer.FlushAsync(call.Cancel)).IsCompleted)
                return;
        }
    }
}
