using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using Naru.Base;

namespace Naru.Hub.Storage;

/// <summary>Objects in an S3 bucket: <c>PREFIXblobs/KEY</c> when complete; <c>PREFIXuploads/KEY</c>, a <see cref="S3State"/>, before.</summary>
/// <remarks>
/// Parts are sent straight to where the object will be, so completing copies nothing. How far an upload is, S3 itself holds: any process goes on. Where
/// a process ends while it writes, what it had not flushed is sent again.
/// </remarks>
public sealed class S3Storage : IBlobStorage
{
    private readonly S3Client client;
    private readonly AmazonS3Client? signer;

    public S3Storage(S3Options options)
    {
        if (options.PartSize < 5 << 20)
            throw NaruException.Invalid($"a part of {options.PartSize} bytes is less than the 5 MiB that S3 wants");
        Directory.CreateDirectory(options.Spool, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        client = new S3Client(options);
        signer = options.Redirect ? S3Client.Connect(options, options.ClientEndpoint ?? options.Endpoint) : null;
    }

    public bool RefusesSecondWriter => false;

    public async ValueTask<IObjectWriter> Create(string key, CancellationToken cancel)
    {
        var writer = new S3Writer(client, key, Blob(key), Upload(key), new S3State(), null);
        try
        {
            await writer.Flush(cancel);
            return writer;
        }
        catch
        {
            await writer.DisposeAsync();
            throw;
        }
    }

    public async ValueTask<IObjectWriter?> Continue(string key, CancellationToken cancel)
    {
        var spool = new SpoolFile(client.Options.Spool);
        try
        {
            if (await ReadState(key, spool, cancel) is { } state)
                return new S3Writer(client, key, Blob(key), Upload(key), state, spool);
        }
        catch
        {
            spool.Dispose();
            throw;
        }

        spool.Dispose();
        return await client.Size(Blob(key), cancel) is { } size ? new CompletedWriter(this, key, size) : null;
    }

    public async ValueTask<Stream> Read(string key, long offset, long length, CancellationToken cancel)
    {
        // A range of no bytes cannot be asked for.
        var content = length > 0 ? await client.Get(Blob(key), offset, length, cancel) : await client.Size(Blob(key), cancel) is null ? null : Stream.Null;
        return content ?? throw NaruException.NotFound($"object {key}: no such object in the bucket");
    }

    public async ValueTask Delete(string key, CancellationToken cancel)
    {
        using (var spool = new SpoolFile(client.Options.Spool))
        {
            if (await ReadState(key, spool, cancel) is { } state)
            {
                if (state.Id is not null)
                    await client.AbortParts(Blob(key), state.Id, cancel);
                await client.Delete(Upload(key), cancel);
            }
        }

        await client.Delete(Blob(key), cancel);
    }

    public async IAsyncEnumerable<StoredObject> List([EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var folder in (string[])["blobs/", "uploads/"])
        {
            var prefix = client.Options.Prefix + folder;
            string? continuation = null;
            do
            {
                var page = await client.List(prefix, 1000, continuation, cancel);
                foreach (var found in page.S3Objects ?? [])
                {
                    var key = found.Key[prefix.Length..];
                    if (ObjectKey.IsKey(key))
                        yield return new StoredObject(key, found.Size ?? 0, (found.LastModified ?? DateTime.UtcNow).ToUniversalTime(), folder == "blobs/");
                }

                continuation = page.IsTruncated == true ? page.NextContinuationToken : null;
            }
            while (continuation is not null);
        }
    }

    public async ValueTask<Uri?> Address(string key, TimeSpan lifetime, CancellationToken cancel)
    {
        if (signer is null)
            return null;
        var endpoint = client.Options.ClientEndpoint ?? client.Options.Endpoint;
        return new Uri(await signer.GetPreSignedURLAsync(new GetPreSignedUrlRequest
        {
            BucketName = client.Options.Bucket,
            Key = Blob(key),
            Verb = HttpVerb.GET,
            Expires = DateTime.UtcNow + lifetime,
            Protocol = endpoint?.Scheme == Uri.UriSchemeHttp ? Protocol.HTTP : Protocol.HTTPS,
        }));
    }

    /// <summary>Asks for what is never there: the answer is short however much the bucket holds.</summary>
    public async ValueTask Check(CancellationToken cancel) => await client.List($"{client.Options.Prefix}check", 1, null, cancel);

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        signer?.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>How far the upload is, its bytes in <paramref name="spool"/>; null when there is none.</summary>
    private async ValueTask<S3State?> ReadState(string key, SpoolFile spool, CancellationToken cancel)
    {
        await using var content = await client.Get(Upload(key), 0, long.MaxValue, cancel);
        if (content is null)
            return null;
        var buffer = new byte[64 << 10];
        try
        {
            int count;
            while ((count = await content.ReadAsync(buffer, cancel)) > 0)
                spool.Append(buffer.AsSpan(0, count));
        }
        catch (Exception e) when (S3Errors.Is(e))
        {
            throw S3Errors.Translate(e, $"read {Upload(key)}");
        }

        return S3State.Read(spool, key);
    }

    private string Blob(string key) => $"{client.Options.Prefix}blobs/{ObjectKey.Check(key)}";

    private string Upload(string key) => $"{client.Options.Prefix}uploads/{ObjectKey.Check(key)}";
}
