using System.Net.Sockets;
using Naru.Base;
using Naru.Linux;

namespace Naru.Build.Execution;

/// <summary>A unix socket of this machine whose every connection is carried to the client's SSH agent.</summary>
internal sealed class AgentForwarder : IAsyncDisposable
{
    private readonly Socket listener;
    private readonly string path;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task accepting;

    /// <param name="connect">Opens a connection to the agent; null: there is none any more.</param>
    public AgentForwarder(string path, uint uid, uint gid, uint mode, Func<CancellationToken, Task<Stream?>> connect)
    {
        this.path = path;
        listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        using (var handle = Files.Open(path, OpenFlags.PathOnly | OpenFlags.NoFollow))
        {
            Files.ChangeOwner(handle, uid, gid);
            Files.ChangeModeOf(handle, mode);
        }

        listener.Listen();
        accepting = Accept(connect);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Dispose();
        await accepting;
        File.Delete(path);
        stopping.Dispose();
    }

    private async Task Accept(Func<CancellationToken, Task<Stream?>> connect)
    {
        List<Task> open = [];
        try
        {
            while (true)
                open.Add(Carry(await listener.AcceptAsync(stopping.Token), connect));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }

        await Task.WhenAll(open);
    }

    private async Task Carry(Socket socket, Func<CancellationToken, Task<Stream?>> connect)
    {
        try
        {
            await using var local = new NetworkStream(socket, ownsSocket: true);
            await using var agent = await connect(stopping.Token);
            if (agent is null)
                return;
            // A connection is over when either side ends it.
            await Task.WhenAny(local.CopyToAsync(agent, stopping.Token), agent.CopyToAsync(local, stopping.Token));
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException or NaruException)
        {
            Log.Debug($"ssh agent: {e.Message}");
        }
    }
}
