using Naru.Api;
using Naru.Base;
using Naru.Daemon.Http;
using Naru.Engine;
using Naru.Engine.Streams;

namespace Naru.Daemon.Api;

/// <summary>/exec</summary>
internal sealed class ExecEndpoints(EngineHost engine)
{
    public void Map(Router router)
    {
        router.Map("POST", "/containers/{id}/exec", Create);
        router.Map("POST", "/exec/{id}/start", Start);
        router.Map("POST", "/exec/{id}/resize", Resize);
        router.Map("GET", "/exec/{id}/json", Inspect);
    }

    private async Task Create(ApiCall call)
    {
        var id = engine.Execs.Create(call["id"], await call.Body(ApiJson.Default.ExecCreateRequest));
        await call.Json(new IdResponse { Id = id }, ApiJson.Default.IdResponse, 201);
    }

    private async Task Start(ApiCall call)
    {
        var request = await call.Body(ApiJson.Default.ExecStartRequest);
        var exec = engine.Execs.Get(call["id"]);
        if (request.Detach)
        {
            await engine.Execs.Start(exec, true, _ => { }, call.Cancel);
            await call.Empty(200);
            return;
        }

        OutputSink? sink = null;
        var multiplexed = !exec.Request.Tty;
        RawStream raw;
        try
        {
            await engine.Execs.Start(exec, false, streams => sink = streams.Attach(), CancellationToken.None);
            raw = await RawStream.Take(call, multiplexed);
        }
        catch (NaruException failure) when (exec.Ended.IsCompleted)
        {
            // As Docker does: a program that cannot be started is said on the stream, and its code is the exec's.
            raw = await RawStream.Take(call, multiplexed);
            await raw.Say(failure.Message + "\r\n", multiplexed);
            raw.Close();
            return;
        }

        try
        {
            using var done = new CancellationTokenSource();
            var output = raw.CopyFrom(sink!, multiplexed, exec.Request.AttachStdout, exec.Request.AttachStderr);
            var input = exec.Request.AttachStdin ? Feed(raw, exec, done.Token) : Task.FromResult(false);
            if (await Task.WhenAny(output, input) != input || !await input)
                await output;
            exec.Streams!.Detach(sink!);
            // The client asks for the exit code at once.
            await Task.WhenAny(exec.Ended, Task.Delay(TimeSpan.FromSeconds(5)));
            await done.CancelAsync();
        }
        finally
        {
            raw.Close();
        }
    }

    private async Task<bool> Feed(RawStream raw, Engine.Execs.Exec exec, CancellationToken cancel)
    {
        var detached = await raw.CopyTo(exec.Streams!, exec.Request.Tty ? RawStream.DetachKeys(exec.Request.DetachKeys) : [], cancel);
        if (!detached && !cancel.IsCancellationRequested)
        {
            exec.Streams!.CloseStdin();
            try
            {
                await engine.Containerd.CloseStdin(exec.Container.Id, exec.Id, CancellationToken.None);
            }
            catch (NaruException e)
            {
                Log.Debug($"exec {exec.Id}: stdin: {e.Message}");
            }
        }

        return detached;
    }

    private async Task Resize(ApiCall call)
    {
        var exec = engine.Execs.Get(call["id"]);
        await engine.Containerd.Resize(exec.Container.Id, exec.Id, ContainerStreamEndpoints.Size(call, "w"), ContainerStreamEndpoints.Size(call, "h"), call.Cancel);
        await call.Empty(200);
    }

    private Task Inspect(ApiCall call)
    {
        var exec = engine.Execs.Get(call["id"]);
        return call.Json(new ExecInspectResponse
        {
            ID = exec.Id,
            Running = exec.Running,
            ExitCode = exec.Ended.IsCompletedSuccessfully ? exec.Ended.Result : null,
            ProcessConfig = new ExecProcessConfig
            {
                Terminal = exec.Request.Tty,
                EntryPoint = exec.Request.Cmd![0],
                Arguments = [.. exec.Request.Cmd.Skip(1)],
                Privileged = exec.Request.Privileged,
                User = exec.Request.User.Length > 0 ? exec.Request.User : null,
            },
            OpenStdin = exec.Request.AttachStdin,
            OpenStdout = exec.Request.AttachStdout,
            OpenStderr = exec.Request.AttachStderr,
            CanRemove = exec.Ended.IsCompleted,
            ContainerID = exec.Container.Id,
            DetachKeys = exec.Request.DetachKeys.Length > 0 ? Convert.ToBase64String(RawStream.DetachKeys(exec.Request.DetachKeys)) : "",
            Pid = exec.Pid,
        }, ApiJson.Default.ExecInspectResponse);
    }
}
