using Naru.Base;
using Naru.Images;
using Naru.Oci;

namespace Naru.Containerd;

/// <summary>The content store of one scope, as archives read and write it.</summary>
internal sealed class ContentBlobs(Scope scope, ContentStore content) : IBlobStore
{
    private const int BufferSize = 256 << 10;

    public Task<bool> ExistsAsync(Digest digest, CancellationToken cancellation) => Task.FromResult(content.Has(scope, digest.ToString()));

    public Task<Stream> OpenReadAsync(Digest digest, CancellationToken cancellation) => Task.FromResult<Stream>(content.Open(scope, digest.ToString()));

    public async Task WriteAsync(Descriptor descriptor, Stream source, CancellationToken cancellation)
    {
        IngestWriter writer;
        try
        {
            writer = content.OpenWriter(scope, $"import-{descriptor.Digest}-{Guid.NewGuid():N}", descriptor.Size, descriptor.Digest.ToString());
        }
        catch (NaruException e) when (e.Kind == ErrorKind.AlreadyExists)
        {
            return;
        }

        using (writer)
        {
            try
            {
                await Copy(source, writer, cancellation);
                writer.Commit(descriptor.Size, descriptor.Digest.ToString(), new Dictionary<string, string>());
            }
            catch (NaruException e) when (e.Kind == ErrorKind.AlreadyExists)
            {
                // Another import of the same was faster.
            }
            catch
            {
                writer.Discard();
                throw;
            }
        }
    }

    private static async Task Copy(Stream source, IngestWriter writer, CancellationToken cancellation)
    {
        var buffer = new byte[BufferSize];
        for (int count; (count = await source.ReadAsync(buffer, cancellation)) > 0;)
            writer.Write(buffer.AsSpan(0, count));
    }
}
