using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Naru.Base;

namespace Naru.HubServer.Operation;

/// <summary>One line a request. Lines are gathered and written together a few times a second, so that they cost a request next to nothing.</summary>
internal sealed class AccessLog : IDisposable
{
    private const int Full = 64 << 10;

    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(200);

    private readonly Lock gate = new();
    private readonly Timer timer;
    private readonly bool json;
    private LogLines lines;
    private bool running;

    /// <param name="json">Lines are JSON objects.</param>
    public AccessLog(bool json)
    {
        this.json = json;
        lines = new LogLines(json);
        timer = new Timer(_ => Flush(), null, Timeout.Infinite, Timeout.Infinite);
    }

    /// <param name="elapsed">In ticks of <see cref="Stopwatch"/>.</param>
    public void Write(HttpContext context, RequestRecord record, long elapsed, long bytesIn, long bytesOut)
    {
        var request = context.Request;
        var flush = false;
        lock (gate)
        {
            lines.Begin(LogLevel.Info, "request");
            lines.Field("id", record.Id);
            lines.Field("address", context.Connection.RemoteIpAddress?.ToString() ?? "");
            if (record.Caller?.Name is { } name)
                lines.Field("user", name);
            lines.Field("method", request.Method);
            lines.Field("path", request.Path.Value ?? "");
            if (request.QueryString.HasValue)
                lines.Field("query", Query(request));
            lines.Number("status", context.Response.StatusCode);
            lines.Number("received", bytesIn);
            lines.Number("sent", bytesOut);
            lines.Number("ms", Math.Round(elapsed * 1000.0 / Stopwatch.Frequency, 3));
            if (request.Headers.UserAgent.Count > 0)
                lines.Field("agent", request.Headers.UserAgent.ToString());
            lines.End();
            if (lines.Length > Full)
            {
                flush = true;
            }
            else if (!running)
            {
                running = true;
                timer.Change(Delay, Timeout.InfiniteTimeSpan);
            }
        }

        if (flush)
            Flush();
    }

    public void Dispose()
    {
        timer.Dispose();
        Flush();
    }

    /// <summary>The registry's own parameters; of other pages' a query may hold what is nobody's business.</summary>
    private static string Query(HttpRequest request) => RequestKinds.Of(request.Path.Value ?? "") is RequestKind.Site or RequestKind.Token ? "…" : request.QueryString.Value!;

    private void Flush()
    {
        LogLines taken;
        lock (gate)
        {
            running = false;
            if (lines.Length == 0)
                return;
            taken = lines;
            lines = new LogLines(json);
        }

        taken.Write();
    }
}
