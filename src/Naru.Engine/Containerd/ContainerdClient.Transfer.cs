using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Naru.Base;
using Naru.Linux;
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

    /// <summary>Stores and unpacks the images of an archive.</summary>
    /// <param name="pipe">A path for a named pipe, which brings the archive there.</param>
    /// <returns>False, and nothing of the archive was read, when this containerd takes none from a pipe: it is not ours.</returns>
    public async Task<bool> TryImport(Stream archive, string pipe, ImageStore destination, Action<Progress> progress, CancellationToken cancel)
    {
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Directory.CreateDirectory(Path.GetDirectoryName(pipe)!);
        Fifo.Make(pipe);
        try
        {
            var transfer = Transfer(new ImageImportStream { Stream = Rpc.Metadata.PipeScheme + pipe }, destination, null, _ => Task.CompletedTask, progress, broken.Token);
            Fifo? writer;
            while ((writer = Fifo.TryOpenWrite(pipe)) is null && !transfer.IsCompleted)
                await Task.WhenAny(transfer, Task.Delay(5, cancel));
            // One that is not ours ends without having opened the pipe.
            if (writer is null && transfer.IsFaulted)
                return false;
            if (writer is not null)
                await Feed(writer, archive, transfer, broken);
            await transfer;
            return true;
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(pipe)!, recursive: true);
        }
    }

    /// <summary>Copies the archive into the pipe, until it or the transfer ends.</summary>
    private static async Task Feed(Fifo writer, Stream archive, Task transfer, CancellationTokenSource broken)
    {
        using var open = writer;
        var buffer = new byte[256 * 1024];
        try
        {
            int count;
            while ((count = await archive.ReadAsync(buffer, broken.Token)) > 0)
            {
                for (var rest = buffer.AsMemory(0, count); !rest.IsEmpty;)
                {
                    var written = writer.Write(rest.Span);
                    rest = rest[written..];
                    if (written == 0)
                        await Task.Run(() => writer.WaitWritable(-1));
                }
            }
        }
        catch (LinuxException e) when (e.Number == Errno.EPIPE)
        {
            // It has read enough, or found something wrong, which it says itself.
        }
        catch
        {
            // Before the pipe's end is seen: an archive that stops short is not to be taken for one.
            await broken.CancelAsync();
            await Task.WhenAny(transfer);
            throw;
        }
    }

    private Task Transfer(IMessage source, IMessage destination, OCIRegistry registry, Func<AuthRequest, AuthResponse>? credentials, Action<Progress> progress, CancellationToken cancel)
    {
        if (credentials is null)
            return Transfer(source, destination, null, _ => Task.CompletedTask, progress, cancel);
        registry.Resolver.AuthStream = NewStreamId();
        return Transfer(source, destination, registry.Resolver.AuthStream, stream => Answer(stream, credentials), progress, cancel);
    }

    /// <param name="otherId">The stream that source or destination names, null for none.</param>
    /// <param name="other">Our side of it; never fails.</param>
    private async Task Transfer(IMessage source, IMessage destination, string? otherId, Func<GrpcDuplex<Any, Any>, Task> other, Action<Progress> progress, CancellationToken cancel)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var progressId = NewStreamId();
        await using var told = await OpenStream(progressId, ending.Token);
        var telling = Tell(told, progress);
        var answering = Task.CompletedTask;
        GrpcDuplex<Any, Any>? asked = null;
        try
        {
            if (otherId is not null)
            {
                asked = await OpenStream(otherId, ending.Token);
                answering = other(asked);
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
            try
            {
                await stream.WriteAsync(Pack(new StreamInit { Id = id }));
            }
            catch (NaruException e) when (e.Kind == ErrorKind.Unavailable)
            {
                // Ended before we spoke: why is what reading tells.
            }

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
