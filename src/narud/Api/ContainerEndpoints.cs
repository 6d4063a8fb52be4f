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
using Naru.Engine.Security;
using Naru.Engine.Streams;

namespace Naru.Daemon.Api;

/// <summary>/containers</summary>
internal sealed class ContainerEndpoints(EngineHost engine)
{
    public void Map(Router router)
    {
        router.Map("GET", "/containers/json", List);
        router.Map("POST", "/containers/create", Create);
        router.Map("POST", "/containers/prune", Prune);
        router.Map("GET", "/containers/{id}/json", call => call.Json(engine.Views.Inspect(engine.Store.Get(call["id"])), ApiJson.Default.ContainerInspect));
        router.Map("POST", "/containers/{id}/start", Start);
        router.Map("POST", "/containers/{id}/stop", Stop);
        router.Map("POST", "/containers/{id}/restart", Restart);
        router.Map("POST", "/containers/{id}/kill", Kill);
        router.Map("POST", "/containers/{id}/pause", call => Pause(call, true));
        router.Map("POST", "/containers/{id}/unpause", call => Pause(call, false));
        router.Map("POST", "/containers/{id}/wait", Wait);
        router.Map("POST", "/containers/{id}/attach", Attach);
        router.Map("GET", "/containers/{id}/logs", Logs);
        router.Map("POST", "/containers/{id}/resize", Resize);
        router.Map("POST", "/containers/{id}/rename", Rename);
        router.Map("GET", "/containers/{id}/top", Top);
        router.Map("DELETE", "/containers/{id}", Remove);
    }

    private Task List(ApiCall call) => call.Json(
        ContainerViews.List(engine.Store, call.Flag("all"), call.Number("limit") ?? 0,
            Filters.Parse(call.Query("filters"), "ancestor", "before", "expose", "exited", "health", "id", "isolation", "is-task", "label", "name", "network", "publish", "since", "status", "volume")),
        ApiJson.Default.IReadOnlyListContainerSummary);

    private async Task Create(ApiCall call)
    {
        var request = await call.Body(ApiJson.Default.ContainerCreateRequest);
        await call.Json(await engine.Containers.Create(request, call.Query("name"), call.Cancel), ApiJson.Default.ContainerCreateResponse, 201);
    }

    private async Task Prune(ApiCall call)
    {
        var filters = Filters.Parse(call.Query("filters"), "label", "label!", "until");
        List<string> gone = [];
        long freed = 0;
        foreach (var container in engine.Store.All.Where(one => one.State is ContainerState.Created or ContainerState.Exited or ContainerState.Dead && filters.Labels("label", one.Record.Config.Labels)))
        {
            freed += await engine.Containerd.SnapshotUsage(container.Id, call.Cancel);
            await engine.Containers.Remove(container, force: false, removeVolumes: false, call.Cancel);
            gone.Add(container.Id);
        }

        await call.Json(new ContainersPruneReport { ContainersDeleted = gone.Count > 0 ? gone : null, SpaceReclaimed = freed }, ApiJson.Default.ContainersPruneReport);
    }

    private async Task Start(ApiCall call)
    {
        await call.ReadBody();
        await engine.Lifecycle.Start(engine.Store.Get(call["id"]), call.Cancel);
        await call.Empty();
    }

    private async Task Stop(ApiCall call)
    {
        await engine.Lifecycle.Stop(engine.Store.Get(call["id"]), call.Number("t"), call.Query("signal"), call.Cancel);
        await call.Empty();
    }

    private async Task Restart(ApiCall call)
    {
        var container = engine.Store.Get(call["id"]);
        try
        {
            await engine.Lifecycle.Stop(container, call.Number("t"), call.Query("signal"), call.Cancel);
        }
        catch (NaruException e) when (e.Kind == ErrorKind.NotModified)
        {
        }

        await engine.Lifecycle.Start(container, call.Cancel);
        engine.Lifecycle.Publish(container, "restart");
        await call.Empty();
    }

    private async Task Kill(ApiCall call)
    {
        var signal = SignalNames.Parse(call.Query("signal") is { Length: > 0 } text ? text : "SIGKILL");
        var container = engine.Store.Get(call["id"]);
        if (container.State is not ContainerState.Running)
            throw NaruException.Conflict($"cannot kill container: {call["id"]}: container {container.Id} is not running");
        await engine.Lifecycle.Kill(container, signal, call.Cancel);
        if (signal == SignalNames.Kill)
            await ContainerLifecycle.Ended(container, TimeSpan.FromSeconds(10), call.Cancel);
        await call.Empty();
    }

    private async Task Pause(ApiCall call, bool pause)
    {
        await engine.Lifecycle.Pause(engine.Store.Get(call["id"]), pause, call.Cancel);
        await call.Empty();
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
                "next-exit" => container.Exits > exits || container.Removed || (container.State is ContainerState.Exited { StartedAt.Ticks: 0 } && container.Exits >= exits && container.State is ContainerState.Exited),
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
        var query = new LogQuery(stdout, stderr, follow, int.TryParse(call.Query("tail"), NumberStyles.None, CultureInfo.InvariantCulture, out var tail) ? tail : -1, Time(call.Query("since")), Time(call.Query("until")), call.Flag("timestamps"));
        var terminal = container.Record.Config.Tty;
        call.Context.Response.ContentType = terminal ? "application/vnd.docker.raw-stream" : "application/vnd.docker.multiplexed-stream";
        var body = call.Context.Response.BodyWriter;
        await call.Context.Response.StartAsync(call.Cancel);
        var unflushed = 0;
        await foreach (var entry in new JsonLogReader(log).Read(query, call.Cancel))
        {
            var text = entry.Text;
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
            throw NaruException.Conflict($"cannot resize a stopped container: unknown");
        await engine.Containerd.Resize(container.Id, "", Size(call, "w"), Size(call, "h"), call.Cancel);
        await call.Empty(200);
    }

    internal static uint Size(ApiCall call, string name) =>
        uint.TryParse(call.Query(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : throw NaruException.Invalid($"invalid resize {(name == "h" ? "height" : "width")} \"{call.Query(name)}\": invalid syntax");

    private Task Rename(ApiCall call)
    {
        engine.Containers.Rename(engine.Store.Get(call["id"]), call.Query("name"));
        return call.Empty();
    }

    private async Task Top(ApiCall call)
    {
        var container = engine.Store.Get(call["id"]);
        if (container.State is not ContainerState.Running)
            throw NaruException.Conflict($"container {container.Id} is not running");
        var pids = await engine.Containerd.Pids(container.Id, call.Cancel);
        await call.Json(await ProcessList.Read(pids, call.Query("ps_args") ?? "-ef", call.Cancel), ApiJson.Default.TopResponse);
    }

    private async Task Remove(ApiCall call)
    {
        await engine.Containers.Remove(engine.Store.Get(call["id"]), call.Flag("force"), call.Flag("v"), call.Cancel);
        await call.Empty();
    }

    internal static DateTime? Time(string? text)
    {
        if (string.IsNullOrEmpty(text) || text == "0")
            return null;
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds))
            return DateTime.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));
        return GoTime.TryParse(text, out var time) ? time.UtcDateTime : throw NaruException.Invalid($"invalid time: {text}");
    }
}
