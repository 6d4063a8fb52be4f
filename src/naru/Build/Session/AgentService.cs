using Google.Protobuf;
using Naru.Cli.Grpc;
using Naru.Cli.Http2;
using Naru.Linux;
using Naru.Linux.Sockets;
using Naru.Rpc.BuildSession.Ssh;

namespace Naru.Cli.Build.Session;

/// <summary>moby.sshforward.v1.SSH: a step talks to the user's ssh agent, byte by byte. Keys never leave the agent.</summary>
internal sealed class AgentService(IReadOnlyList<AgentSource> agents)
{
    public void Register(GrpcServer server)
    {
        if (agents.Count == 0)
            return;
        server.Add("/moby.sshforward.v1.SSH/CheckAgent", Check);
        server.Add("/moby.sshforward.v1.SSH/ForwardAgent", Forward);
    }

    private void Check(GrpcStream call, List<HeaderField> metadata)
    {
        Find(call.Read(CheckAgentRequest.Parser)?.ID ?? "");
        call.Write(new CheckAgentResponse());
    }

    private void Forward(GrpcStream call, List<HeaderField> metadata)
    {
        var agent = Find(GrpcClient.Find(metadata, "buildkit.ssh.id") ?? "");
        UnixStream socket;
        try
        {
            socket = UnixStream.Connect(agent.Socket);
        }
        catch (LinuxException e)
        {
            throw new GrpcException(GrpcException.Unavailable, $"failed to connect to ssh agent {agent.Socket}: {e.Message}", []);
        }

        using (socket)
        {
            var answers = new Thread(() => Answer(call, socket), 256 * 1024) { IsBackground = true, Name = "agent" };
            answers.Start();
            while (call.Read(BytesMessage.Parser) is { } question)
                socket.Write(question.Data.Span);
            socket.CloseWrite();
            answers.Join();
        }
    }

    private static void Answer(GrpcStream call, UnixStream socket)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            for (int count; (count = socket.Read(buffer)) > 0;)
            {
                call.Write(new BytesMessage { Data = ByteString.CopyFrom(buffer, 0, count) });
                call.Flush();
            }
        }
        catch (Exception e) when (e is GrpcException or LinuxException or ObjectDisposedException)
        {
            // One of the two has gone, which the other thread sees as well.
        }
    }

    private AgentSource Find(string id)
    {
        if (id.Length == 0)
            id = "default";
        foreach (var agent in agents)
        {
            if (agent.Id == id)
                return agent;
        }

        throw new GrpcException(GrpcException.NotFound, $"unset ssh forward key {id}", []);
    }
}
