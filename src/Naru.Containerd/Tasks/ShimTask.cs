using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Naru.Base;
using Naru.Rpc.Shim;
using Naru.Rpc.Ttrpc;

namespace Naru.Containerd;

/// <summary>A task that runs: its bundle, its shim and the connection to it.</summary>
/// <remarks>Owned by <see cref="TaskManager"/>. Ends in one of two ways: deleted on request, or its shim died (<see cref="Died"/> is set then).</remarks>
public sealed class ShimTask(Bundle bundle, ShimBinary binary, ShimAddress address, TtrpcClient client) : IAsyncDisposable
{
    private int deleted;

    public Bundle Bundle { get; } = bundle;

    public ShimBinary Binary { get; } = binary;

    /// <summary>The init process; 0 before it is created.</summary>
    public uint Pid { get; set; }

    /// <summary>How the container ended, when its shim died before it could say.</summary>
    public TaskCompletionSource<DeleteResponse> Died { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the connection to the shim does.</summary>
    public Task Disconnected => client.Completion;

    /// <summary>True once somebody ends this task: its shim goes.</summary>
    public bool IsEnding => Volatile.Read(ref deleted) != 0;

    /// <summary>Calls the shim's task service.</summary>
    /// <exception cref="NaruException">The shim's own; NotFound: the task was ended meanwhile; Unavailable: the shim is gone, and nobody asked it to.</exception>
    public async Task<T> Call<T>(string method, IMessage request, MessageParser<T> parser, CancellationToken cancel)
        where T : IMessage<T>
    {
        try
        {
            return await client.CallAsync(address.Service, method, request, parser, Bundle.Namespace, null, cancel);
        }
        catch (NaruException e) when (e.Kind == ErrorKind.Unavailable && IsEnding)
        {
            throw NaruException.NotFound($"task {Bundle.Id} not found");
        }
    }

    /// <summary>Calls one that answers nothing.</summary>
    public Task Call(string method, IMessage request, CancellationToken cancel) => Call(method, request, Empty.Parser, cancel);

    /// <summary>True for the one caller that ends this task.</summary>
    public bool TryEnd() => Interlocked.Exchange(ref deleted, 1) == 0;

    /// <summary>Asks the shim to go, and waits for it, not for ever.</summary>
    public async Task Shutdown(TimeSpan limit)
    {
        try
        {
            await Call("Shutdown", new ShutdownRequest { Id = Bundle.Id }, CancellationToken.None).WaitAsync(limit);
            await Disconnected.WaitAsync(limit);
        }
        catch (Exception e) when (e is NaruException or TimeoutException)
        {
            // Its connection may close before its answer: that is what was asked for.
            Log.Debug($"shim {Bundle.Id}: shutdown: {e.Message}");
        }
    }

    public ValueTask DisposeAsync() => client.DisposeAsync();
}
