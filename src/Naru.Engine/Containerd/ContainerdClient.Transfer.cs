using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Naru.Base;
using Naru.Rpc.Grpc;
using Naru.Rpc.Streaming;
using Naru.Rpc.Transfer;

namespace Naru.Engine.Containerd;

/// <summary>The transfer service: pull and push, with what they tell on the way and what they ask.</summary>
public sealed partial class ContainerdClient
{
    /// <summary>The last lines of progress may come after the transfer's own answer; no longer after it than this.</summary>
    private static readonly TimeSpan ProgressGrace = TimeSpan.FromSeconds(2);

    /// <summary>Fetches an image from a registry, stores, unpacks and names it.</summary>
    /// <param name="credentials">Answers what a registry asks for; null: nobody is asked.</param>
    /// <param name="progress">Called by one thread at a time, and never after the task has ended.</param>
    public Task Pull(OCIRegistry source, ImageStore destination, Func<AuthRequest, AuthResponse>? credentials, Action<Progress> progress, CancellationToken cancel) =>
        Transfer(source, destination, source, credentials, progress, cancel);

    /// <summary>Sends an image to a registry.</summary>
    public Task Push(ImageStore source, OCIRegistry destination, Func<AuthRequest, AuthResponse>? credentials, Action<Progress> progress, CancellationToken cancel) =>
        Transfer(source, destination, destination, credentials, progress, cancel);

    private async Task Transfer(IMessage source, IMessage destination, OCIRegistry registry, Func<AuthRequest, AuthResponse>? credentials, Action<Progress> progress, CancellationToken cancel)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var progressId = NewStreamId();
        await using var told = await OpenStream(progressId, ending.Token);
        var telling = Tell(told, progress);
        var answering = Task.CompletedTask;
        GrpcDuplex<Any, Any>? asked = null;
        try
        {
            if (credentials is not null)
            {
                registry.Resolver.AuthStream = NewStreamId();
                asked = await OpenStream(registry.Resolver.AuthStream, ending.Token);
                answering = Answer(asked, credentials);
            }

            var request = new TransferRequest { Source = Pack(source), Destination = Pack(destination), Options = new TransferOptions { ProgressStream = progressId } };
            await Call(ContainerdApi.Transfer.TransferCall, request, cancel);
            await Task.WhenAny(telling, Task.Delay(ProgressGrace, cancel));
        }
        finally
        {
            await ending.CancelAsync();
            await Task.WhenAll(telling, answering);
            if (asked is not null)
                await asked.DisposeAsync();
        }
    }

    /// <summary>Opens a stream that a call to come may name; it can once this returns.</summary>
    private async Task<GrpcDuplex<Any, Any>> OpenStream(string id, CancellationToken cancel)
    {
        var stream = channel.Duplex(ContainerdApi.Streaming.Stream, Options, cancel);
        try
        {
            await stream.WriteAsync(Pack(new StreamInit { Id = id }));
            await stream.ReadAsync();
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    private static async Task Tell(GrpcDuplex<Any, Any> stream, Action<Progress> progress)
    {
        try
        {
            while (await stream.ReadAsync() is { } line)
                progress(Progress.Parser.ParseFrom(line.Value));
        }
        catch (Exception e) when (e is NaruException or OperationCanceledException or IOException)
        {
            // Ended by us, or with the transfer, which has the reason.
        }
    }

    private static async Task Answer(GrpcDuplex<Any, Any> stream, Func<AuthRequest, AuthResponse> credentials)
    {
        try
        {
            while (await stream.ReadAsync() is { } question)
                await stream.WriteAsync(Pack(credentials(AuthRequest.Parser.ParseFrom(question.Value))));
        }
        catch (Exception e) when (e is NaruException or OperationCanceledException or IOException)
        {
            // As above.
        }
    }

    private static string NewStreamId() => "naru-" + Guid.NewGuid().ToString("N");

    /// <summary>containerd finds a message's type by its bare name.</summary>
    private static Any Pack(IMessage message) => new() { TypeUrl = message.Descriptor.FullName, Value = message.ToByteString() };
}
