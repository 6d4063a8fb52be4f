using Google.Protobuf;
using Naru.Base;
using Naru.Rpc.BuildSession.Ssh;
using Naru.Rpc.Grpc;

namespace Naru.Build.Context;

/// <summary>A connection to the client's SSH agent, byte by byte.</summary>
internal sealed class SshAgentStream : ForwardStream
{
    public const string Service = "moby.sshforward.v1.SSH";
    private const string IdHeader = "buildkit.ssh.id";
    private static readonly GrpcMethod<CheckAgentRequest, CheckAgentResponse> CheckMethod = new(Service, "CheckAgent", CheckAgentRequest.Parser, CheckAgentResponse.Parser);
    private static readonly GrpcMethod<BytesMessage, BytesMessage> ForwardMethod = new(Service, "ForwardAgent", BytesMessage.Parser, BytesMessage.Parser);
    private readonly GrpcDuplex<BytesMessage, BytesMessage> call;
    private ReadOnlyMemory<byte> rest;

    private SshAgentStream(GrpcDuplex<BytesMessage, BytesMessage> call) => this.call = call;

    /// <summary>Null: the client forwards no agent by that id.</summary>
    public static async Task<Stream?> Open(GrpcChannel channel, string id, CancellationToken cancel)
    {
        try
        {
            await channel.CallAsync(CheckMethod, new CheckAgentRequest { ID = id }, new GrpcOptions(), cancel);
        }
        catch (NaruException e) when (e.Kind is not (ErrorKind.Unavailable or ErrorKind.Canceled))
        {
            Log.Debug($"ssh agent {id}: {e.Message}");
            return null;
        }

        var headers = new Dictionary<string, IReadOnlyList<string>>();
        SessionHeaders.Add(headers, IdHeader, [id]);
        return new SshAgentStream(channel.Duplex(ForwardMethod, new GrpcOptions { Headers = headers }, cancel));
    }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (rest.IsEmpty)
        {
            if (await call.ReadAsync() is not { } message)
                return 0;
            rest = message.Data.Memory;
        }

        var count = Math.Min(buffer.Length, rest.Length);
        rest[..count].CopyTo(buffer);
        rest = rest[count..];
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        await call.WriteAsync(new BytesMessage { Data = ByteString.CopyFrom(buffer.Span) });

    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override async ValueTask DisposeAsync() => await call.DisposeAsync();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            DisposeAsync().AsTask().GetAwaiter().GetResult();
        base.Dispose(disposing);
    }
}
