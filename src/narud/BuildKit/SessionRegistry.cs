using Naru.Base;
using Naru.Build.Context;
using Naru.Daemon.Http;
using Naru.Rpc.Grpc;

namespace Naru.Daemon.BuildKit;

/// <summary>The clients of builds that are connected by POST /session, by their ids.</summary>
internal sealed class SessionRegistry(ContextStore contexts)
{
    private static readonly TimeSpan WaitLimit = TimeSpan.FromSeconds(5);
    private readonly Dictionary<string, SessionClient> sessions = [];
    private readonly Lock gate = new();
    private TaskCompletionSource more = New();

    /// <summary>Takes the connection over, and keeps its session for as long as it lasts.</summary>
    public async Task Serve(ApiCall call)
    {
        var headers = call.Context.Request.Headers;
        var id = headers["X-Docker-Expose-Session-Uuid"].ToString();
        if (id.Length == 0)
            throw NaruException.Invalid("the session has no id: X-Docker-Expose-Session-Uuid is missing");
        var key = headers["X-Docker-Expose-Session-Sharedkey"].ToString();
        var methods = new List<string>();
        foreach (var method in headers["X-Docker-Expose-Session-Grpc-Method"])
            methods.Add(method ?? "");
        lock (gate)
        {
            if (sessions.ContainsKey(id))
                throw NaruException.Conflict($"session {id} exists");
        }

        var transport = await UpgradedConnection.Take(call);
        var connection = new PipeConnection(transport);
        using var session = new SessionClient(connection, id, key, methods, contexts);
        Add(session);
        try
        {
            await session.Open();
            await connection.Ended;
        }
        finally
        {
            lock (gate)
                sessions.Remove(id);
            call.Context.Abort();
        }
    }

    /// <summary>The session of that id; one that has not come yet is waited for.</summary>
    /// <exception cref="NaruException">NotFound: it did not come.</exception>
    public async Task<SessionClient> Find(string id, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(WaitLimit);
        while (true)
        {
            Task waiting;
            lock (gate)
            {
                if (sessions.TryGetValue(id, out var session))
                    return session;
                waiting = more.Task;
            }

            try
            {
                await waiting.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                throw NaruException.NotFound($"no active session for {id}: context deadline exceeded");
            }
        }
    }

    private void Add(SessionClient session)
    {
        TaskCompletionSource waiting;
        lock (gate)
        {
            if (!sessions.TryAdd(session.Id, session))
                throw NaruException.Conflict($"session {session.Id} exists");
            (waiting, more) = (more, New());
        }

        waiting.SetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
