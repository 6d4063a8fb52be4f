using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Naru.HubServer.Transport;

namespace Naru.HubServer.Operation;

/// <summary>Around every request: whose it is by the proxies, its id, its figures, its line in the log.</summary>
/// <param name="log">Null for no lines.</param>
/// <param name="touched">Called after each request.</param>
internal sealed class RequestRecorder(TrustedProxies proxies, RequestFigures figures, AccessLog? log, MetricsAccess metrics, Patience patience, Func<HttpContext, Task> serve, Action touched)
{
    private const string IdHeader = "X-Request-Id";
    private const int LongestId = 64;

    private static readonly System.Buffers.SearchValues<char> IdCharacters = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    public async Task Handle(HttpContext context)
    {
        var begun = Stopwatch.GetTimestamp();
        figures.Begin();
        proxies.Apply(context);
        var request = context.Request;
        var record = new RequestRecord(Id(context));
        context.Features.Set(record);
        context.Response.Headers[IdHeader] = record.Id;
        if (metrics.IsToken(request))
        {
            // It is no account's, and who reads the header next would refuse it.
            record.Scrapes = true;
            request.Headers.Authorization = default;
        }

        using var body = context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true ? new RequestBody(context, record, patience) : null;
        if (body is not null)
            request.Body = body;
        try
        {
            await serve(context);
        }
        finally
        {
            var elapsed = Stopwatch.GetTimestamp() - begun;
            var received = request.ContentLength ?? record.Received;
            var sent = HttpMethods.IsHead(request.Method) ? 0 : Math.Max(0, (context.Response.ContentLength ?? 0) - record.Unsent);
            figures.End(RequestKinds.Of(request.Path.Value ?? ""), request.Method, context.Response.StatusCode, elapsed, received, sent);
            log?.Write(context, record, elapsed, received, sent);
            touched();
        }
    }

    /// <summary>The id that the client gave, so that it finds its request again; else one of our own.</summary>
    private static string Id(HttpContext context) =>
        context.Request.Headers.TryGetValue(IdHeader, out var given) && given.ToString() is { Length: > 0 and <= LongestId } id && !id.AsSpan().ContainsAnyExcept(IdCharacters)
            ? id : context.TraceIdentifier;
}
