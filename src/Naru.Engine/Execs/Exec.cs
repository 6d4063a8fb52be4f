using Naru.Api;
using Naru.Engine.Containers;
using Naru.Engine.Streams;

namespace Naru.Engine.Execs;

/// <summary>One exec: created, then started once, then ended; kept for a while so that its exit code can be asked.</summary>
public sealed class Exec(string id, Container container, ExecCreateRequest request)
{
    private readonly TaskCompletionSource<int> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int begun;

    public string Id { get; } = id;

    public Container Container { get; } = container;

    public ExecCreateRequest Request { get; } = request;

    public ProcessStreams? Streams { get; set; }

    public int Pid { get; set; }

    public Task<int> Ended => ended.Task;

    public bool Running => begun == 1 && !ended.Task.IsCompleted;

    public bool TryBegin() => Interlocked.Exchange(ref begun, 1) == 0;

    public void End(int code) => ended.TrySetResult(code);
}
