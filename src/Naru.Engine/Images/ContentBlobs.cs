using System.Diagnostics;
using System.IO.Pipelines;
using Naru.Engine.Containerd;
using Naru.Images;
using Naru.Oci;

namespace Naru.Engine.Images;

/// <summary>containerd's content store as the archives see it. Content lives as long as the lease of the request that stores it.</summary>
/// <param name="output">Told how far each layer is on its way in; null: nobody.</param>
public sealed class ContentBlobs(ContainerdClient containerd, ProgressOutput? output) : IBlobStore
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    public async Task<bool> ExistsAsync(Digest digest, CancellationToken cancellation) => await containerd.TryContentInfo(digest, cancellation) is not null;

    public Task<Stream> OpenReadAsync(Digest digest, CancellationToken cancellation)
    {
        var pipe = new Pipe();
        _ = Fill(pipe.Writer, digest, cancellation);
        return Task.FromResult(pipe.Reader.AsStream());
    }

    public Task<Digest> WriteAsync(Descriptor descriptor, Stream content, CancellationToken cancellation) =>
        containerd.WriteContent(descriptor.Digest, descriptor.Size, output is null || descriptor.Digest.IsEmpty ? content : Watched(descriptor, content), null, cancellation);

    private CountingStream Watched(Descriptor descriptor, Stream content)
    {
        long last = 0;
        return new CountingStream(content, (done, document) =>
        {
            if (document || (done < descriptor.Size && Stopwatch.GetElapsedTime(last) < Interval))
                return;
            last = Stopwatch.GetTimestamp();
            output!.Step(descriptor.Digest.Hex[..12], "Loading layer", done, descriptor.Size);
        });
    }

    /// <summary>Reads the blob into the pipe; a failure reaches the reader.</summary>
    private async Task Fill(PipeWriter writer, Digest digest, CancellationToken cancellation)
    {
        try
        {
            await foreach (var part in containerd.StreamContent(digest, cancellation))
            {
                if ((await writer.WriteAsync(part.Data.Memory, cancellation)).IsCompleted)
                    break;
            }

            await writer.CompleteAsync();
        }
        catch (Exception e)
        {
            await writer.CompleteAsync(e);
        }
    }
}
