using System.Globalization;
using System.Text;
using System.Text.Json;
using Naru.Api;
using Naru.Base;
using Naru.Base.Units;
using Naru.Daemon.Http;
using Naru.Engine;
using Naru.Engine.Containers;
using Naru.Engine.Logs;
using Naru.Engine.Streams;

namespace Naru.Daemon.Api;

/// <summary>/containers/{id}/attach, logs, wait, resize: what stays open.</summary>
internal sealed class ContainerStreamEndpoints(EngineHost engine)
{
    public void Map(Router router)
    {
        router.Map("POST", "/containers/{id}/wait", Wait);
        router.Map("POST", "/containers/{id}/attach", Attach);
        router.Map("GET", "/containers/{id}/logs", Logs);
        router.Map("POST", "/containers/{id}/resize", Resize);
    }

    internal static DateTime? Time(string? text)
    {
        if (string.IsNullOrEmpty(text) || text == "0")
            return null;
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds))
            return DateTime.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));
        return GoTime.TryParse(text, out var time) ? time.UtcDateTime : throw NaruException.Invalid($"invalid time: {text}");
    }

    private async Task Wait(ApiCall call)
    {
        var container = engine.Store.Get(call["id"]);
        var condition = call.Query("condition") ?? "";
        if (condition is not ("" or "not-running" or "next-exit" or "removed"))
            throw NaruException.Invalid($"invalid condition: \"{condition}\"");
        var exits = container.Exits;
        call.Context.Response.ContentType = "application/json";
        // The client starts the container only once it knows that this waits.
        await call.Context.Response.StartAsync(call.Cancel);
        await call.Context.Response.Body.FlushAsync(call.Cancel);
        while (true)
        {
            var changed = container.Changed;
            if (condition switch
            {
                "removed" => container.Removed,
                "next-exit" => container.Exits > exits || container.Removed,
                _ => container.State is not (ContainerState.Running or ContainerState.Restarting) || container.Removed,
            })
                break;
            await changed.WaitAsync(call.Cancel);
        }

        var record = StateRecord.From(container.State);
        var answer = new WaitResponse { StatusCode = record.ExitCode };
        await call.Context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(answer, ApiJson.Default.WaitResponse), call.Cancel);
    }

    private async Task Attach(ApiCall call)
    {
        await call.ReadBody();
        var container = engine.Store.Get(call["id"]);
        if (container.State is ContainerState.Running { Paused: true })
            throw NaruException.Conflict($"container {call["id"]} is paused, unpause the container before attach");
        var keys = RawStream.DetachKeys(call.Query("detachKeys"));
        var (stdin, stdout, stderr, stream, logs) = (call.Flag("stdin"), call.Flag("stdout"), call.Flag("stderr"), call.Flag("stream"), call.Flag("logs"));
        var terminal = container.Record.Config.Tty;
        // A container that does not run yet: the streams are those of its next start.
        var raw = await RawStream.Take(call, !terminal);
        try
        {
            if (logs && container.Log is { } log)
            {
                await foreach (var entry in new JsonLogReader(log).Read(new LogQuery(stdout, stderr, false, -1, null, null, false), call.Cancel))
                    await raw.Write(terminal ? entry.Text : StreamFrame.Make(entry.Source, entry.Text.Span));
            }

            if (!stream)
                return;
            var process = await container.WhenStreams(call.Cancel);
            var sink = process.Attach();
            engine.Lifecycle.Publish(container, "attach");
            using var done = new CancellationTokenSource();
            var output = raw.CopyFrom(sink, !terminal, stdout, stderr);
            var input = stdin && container.Record.Config.OpenStdin ? Feed(raw, container, process, terminal ? keys : [], done.Token) : Task.FromResult(false);
            if (await Task.WhenAny(output, input) == input && await input)
                engine.Lifecycle.Publish(container, "detach");
            else
                await output;
            process.Detach(sink);
            await done.CancelAsync();
        }
        finally
        {
            raw.Close();
        }
    }

    private async Task<bool> Feed(RawStream raw, Container container, ProcessStreams process, byte[] keys, CancellationToken cancel)
    {
        var detached = await raw.CopyTo(process, keys, cancel);
        if (!detached && container.Record.Config.StdinOnce && !container.Record.Config.Tty && !cancel.IsCancellationRequested)
        {
            process.CloseStdin();
            await engine.Containerd.CloseStdin(container.Id, "", CancellationToken.None);
        }

        return detached;
    }

    private async Task Logs(ApiCall call)
    {
        var container = engine.Store.Get(call["id"]);
        var (stdout, stderr, follow) = (call.Flag("stdout"), call.Flag("stderr"), call.Flag("follow"));
        if (!stdout && !stderr)
            throw NaruException.Invalid("Bad parameters: you must choose at least one stream");
        if (container.Log is not { } log)
            throw new NaruException(ErrorKind.Unimplemented, "configured logging driver does not support reading");
        var query = new LogQuery(stdout, stderr, follow, int.TryParse(call.Query("tail"), NumberStyles.None, CultureInfo.InvariantCulture, out var tail) ? tail : -1, Time(call.Query("since")), Time(call.Query("until")), call.Flag("timestamps"), call.Flag("details"));
        var details = Encoding.UTF8.GetBytes(log.Details + " ");
        var terminal = container.Record.Config.Tty;
        call.Context.Response.ContentType = terminal ? "application/vnd.docker.raw-stream" : "application/vnd.docker.multiplexed-stream";
        var body = call.Context.Response.BodyWriter;
        await call.Context.Response.StartAsync(call.Cancel);
        var unflushed = 0;
        await foreach (var entry in new JsonLogReader(log).Read(query, call.Cancel))
        {
            var text = entry.Text;
            if (query.Details)
                text = details.Concat(text.ToArray()).ToArray();
            if (query.Timestamps)
                text = Encoding.UTF8.GetBytes(entry.Time.ToString("yyyy-MM-ddTHH:mm:ss.fffffff00Z ", CultureInfo.InvariantCulture)).Concat(text.ToArray()).ToArray();
            var bytes = terminal ? text : StreamFrame.Make(entry.Source, text.Span);
            bytes.Span.CopyTo(body.GetSpan(bytes.Length));
            body.Advance(bytes.Length);
            unflushed += bytes.Length;
            if (follow || unflushed > 64 * 1024)
            {
                await body.FlushAsync(call.Cancel);
                unflushed = 0;
            }
        }
    }

    private async Task Resize(ApiCall call)
    {
        var container = engine.Store.Get(call["id"]);
        if (container.State is not ContainerState.Running)
            throw NaruException.Conflict($"container {container.Id} is not running");
        await engine.Containerd.Resize(container.Id, "", Size(call, "w"), Size(call, "h"), call.Cancel);
        await call.Empty(200);
    }

    internal static uint Size(ApiCall call, string name) =>
        uint.TryParse(call.Query(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : throw NaruException.Invalid($"invalid resize {(name == "h" ? "height" : "width")} \"{call.Query(name)}\": invalid syntax");
}
