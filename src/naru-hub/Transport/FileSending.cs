using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Win32.SafeHandles;

namespace Naru.HubServer.Transport;

/// <summary>Has the kernel send a file as a response's body (sendfile(2)): its bytes never come into this program.</summary>
/// <remarks>
/// The server counts the bytes of a body as they pass through its pipe, and the connection is good for another request only when the count is
/// right. So it is told of as many bytes as the file has, none of which exist, and the pipe's end sends the file in their place.
/// Only where the pipe's end is the socket: HTTP/1.1 without encryption.
/// </remarks>
internal sealed class FileSending(SocketWriter socket)
{
    private const int LargestStep = 1 << 30;

    private readonly SocketWriter socket = socket;

    /// <summary>Sends all of <paramref name="file"/> as the body of the response, whose length has been set; false when it has to be read and written.</summary>
    public static async ValueTask<bool> TrySend(HttpContext context, SafeFileHandle file, long length)
    {
        if (context.Features.Get<FileSending>() is not { } sending || context.Features.Get<ITlsConnectionFeature>() is not null || !HttpProtocol.IsHttp11(context.Request.Protocol))
            return false;
        var response = context.Response;
        await response.StartAsync(context.RequestAborted);
        await response.BodyWriter.FlushAsync(context.RequestAborted);
        sending.socket.Begin(file);
        for (var left = length; left > 0;)
        {
            var step = (int)Math.Min(left, LargestStep);
            response.BodyWriter.GetMemory();
            response.BodyWriter.Advance(step);
            left -= step;
        }

        await response.BodyWriter.FlushAsync(context.RequestAborted);
        return true;
    }
}
