using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Naru.Base;

namespace Naru.HubServer.Operation;

/// <summary>One line a request. Lines are gathered and written together a few times a second, so that they cost a request next to nothing.</summary>
internal sealed class AccessLog : IDisposable
{
    private const int Full = 64 << 10;

    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(200);

    private static readonly LogName Id = new("id");
    private static readonly LogName Address = new("address");
    private static readonly LogName User = new("user");
    private static readonly LogName Method = new("method");
    private static readonly LogName Path = new("path");
    private static readonly LogName Query = new("query");
    private static readonly LogName Status = new("status");
    private static readonly LogName Received = new("received");
    private static readonly LogName Sent = new("sent");
    private static readonly LogName Milliseconds = new("ms");
    private static readonly LogName Agent = new("agent");

    private readonly Lock gate = new();
    private readonly Lock writing = new();
    private readonly Timer timer;
    private LogLines lines;
    private LogLines spare;
    private bool running;

    /// <param name="json">Lines are JSON objects.</param>
    public AccessLog(bool json)
    {
        lines = new LogLines(json);
        spare = new LogLines(json);
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
            lines.Field(Id, record.Id);
            lines.Field(Address, context.Connection.RemoteIpAddress?.ToString() ?? "");
            if (record.Caller?.Name is { } name)
                lines.Field(User, name);
            lines.Field(Method, request.Method);
            lines.Field(Path, request.Path.Value ?? "");
            if (request.QueryString.HasValue)
                lines.Field(Query, QueryOf(request));
            lines.Number(Status, context.Response.StatusCode);
            lines.Number(Received, bytesIn);
            lines.Number(Sent, bytesOut);
            lines.Thousandths(Milliseconds, elapsed * 1_000_000 / Stopwatch.Frequency);
            if (request.Headers.UserAgent.Count > 0)
                lines.Field(Agent, request.Headers.UserAgent.ToString());
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
    private static string QueryOf(HttpRequest request) => RequestKinds.Of(request.Path.Value ?? "") is RequestKind.Site or RequestKind.Token ? "…" : request.QueryString.Value!;

    private void Flush()
    {
        // One at a time, since two sets of lines take turns: one is filled while the other is written.
        lock (writing)
        {
            LogLines taken;
            lock (gate)
            {
                running = false;
                taken = lines;
                (lines, spare) = (spare, lines);
            }

            if (taken.Length > 0)
                taken.Write();
        }
    }
}
