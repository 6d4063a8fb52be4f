using System.Net;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Naru.Base;

namespace Naru.Hub.Storage;

/// <summary>The requests that the storage makes of a bucket, with its errors made the hub's.</summary>
internal sealed class S3Client : IDisposable
{
    private readonly AmazonS3Client client;
    private readonly S3Options options;

    /// <summary>False once the server said that it cannot store only where there is nothing yet.</summary>
    private bool conditional = true;

    public S3Client(S3Options options)
    {
        this.options = options;
        client = Connect(options, options.Endpoint);
    }

    public S3Options Options => options;

    /// <summary>
    /// Over TLS nobody can change the bytes: they need no signature of their own, which would be another hash of everything. Without TLS they have one, over
    /// the whole: not every server takes apart a body that is signed piece by piece.
    /// </summary>
    private bool Unsigned => options.Endpoint is null || options.Endpoint.Scheme == Uri.UriSchemeHttps;

    public static AmazonS3Client Connect(S3Options options, Uri? endpoint)
    {
        var config = new AmazonS3Config
        {
            ForcePathStyle = options.PathStyle,
            // Servers that are not Amazon's do not all know the checksums that the library would add to every request.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            IgnoreConfiguredEndpointUrls = true,
            BufferSize = 128 << 10,
            Timeout = TimeSpan.FromMinutes(5),
            ConnectTimeout = TimeSpan.FromSeconds(10),
            // Otherwise an outage uses up the tries of what comes after it, when one connection that broke meanwhile is enough to fail a request.
            ThrottleRetries = false,
        };
        if (endpoint is null)
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        else
            (config.ServiceURL, config.AuthenticationRegion) = (endpoint.ToString(), options.Region);
        return options.AccessKey is null ? new AmazonS3Client(config) : new AmazonS3Client(new BasicAWSCredentials(options.AccessKey, options.SecretKey), config);
    }

    /// <summary>Stores an object; when <paramref name="first"/>, only where there is none.</summary>
    /// <exception cref="NaruException">Conflict: there is one.</exception>
    public async Task Put(string key, Stream content, bool first, CancellationToken cancel)
    {
        await Conditionally(first, $"store {key}", condition =>
        {
            content.Position = 0;
            return client.PutObjectAsync(
                new PutObjectRequest
                {
                    BucketName = options.Bucket,
                    Key = key,
                    InputStream = content,
                    AutoCloseStream = false,
                    DisablePayloadSigning = Unsigned,
                    UseChunkEncoding = false,
                    IfNoneMatch = condition,
                },
                cancel);
        });
    }

    public async Task<string> BeginParts(string key, CancellationToken cancel) =>
        await Translated($"begin {key}", async () =>
            (await client.InitiateMultipartUploadAsync(new InitiateMultipartUploadRequest { BucketName = options.Bucket, Key = key }, cancel)).UploadId);

    public async Task<S3Part> PutPart(string key, string id, int number, Stream content, CancellationToken cancel) =>
        await Translated($"store part {number} of {key}", async () =>
        {
            var size = content.Length;
            content.Position = 0;
            var answer = await client.UploadPartAsync(
                new UploadPartRequest
                {
                    BucketName = options.Bucket,
                    Key = key,
                    UploadId = id,
                    PartNumber = number,
                    PartSize = size,
                    InputStream = content,
                    DisablePayloadSigning = Unsigned,
                    UseChunkEncoding = false,
                },
                cancel);
            return new S3Part(size, answer.ETag);
        });

    /// <exception cref="NaruException">Conflict: a part was replaced, or the object is there already.</exception>
    public async Task EndParts(string key, string id, List<S3Part> parts, CancellationToken cancel)
    {
        var tags = new List<PartETag>(parts.Count);
        foreach (var part in parts)
            tags.Add(new PartETag(tags.Count + 1, part.Tag));
        await Conditionally(first: true, $"complete {key}", condition => client.CompleteMultipartUploadAsync(
            new CompleteMultipartUploadRequest { BucketName = options.Bucket, Key = key, UploadId = id, PartETags = tags, IfNoneMatch = condition }, cancel));
    }

    /// <summary>Takes back what was sent of a multipart upload.</summary>
    public async Task AbortParts(string key, string id, CancellationToken cancel) =>
        await Translated($"abort {key}", async () =>
        {
            try
            {
                await client.AbortMultipartUploadAsync(new AbortMultipartUploadRequest { BucketName = options.Bucket, Key = key, UploadId = id }, cancel);
            }
            catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound || S3Errors.IsUnknown(e))
            {
                // It has ended; or this server has no such request and keeps nothing that costs.
            }

            return 0;
        });

    /// <summary>The object's bytes; null when there is none.</summary>
    public async Task<Stream?> Get(string key, long offset, long length, CancellationToken cancel) =>
        await Translated($"read {key}", async () =>
        {
            var request = new GetObjectRequest { BucketName = options.Bucket, Key = key };
            if (offset > 0 || length < long.MaxValue)
                request.ByteRange = length > long.MaxValue - offset ? new ByteRange($"bytes={offset}-") : new ByteRange(offset, offset + length - 1);
            try
            {
                return (await client.GetObjectAsync(request, cancel)).ResponseStream;
            }
            catch (AmazonS3Exception e) when (S3Errors.IsMissing(e))
            {
                return null;
            }
            catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                return Stream.Null;
            }
        });

    /// <summary>The object's size; null when there is none.</summary>
    public async Task<long?> Size(string key, CancellationToken cancel) =>
        await Translated($"look for {key}", async () =>
        {
            try
            {
                return (long?)(await client.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = options.Bucket, Key = key }, cancel)).ContentLength;
            }
            catch (AmazonS3Exception e) when (S3Errors.IsMissing(e))
            {
                return null;
            }
        });

    public async Task Delete(string key, CancellationToken cancel) =>
        await Translated($"delete {key}", () => client.DeleteObjectAsync(new DeleteObjectRequest { BucketName = options.Bucket, Key = key }, cancel));

    /// <summary>Some of the objects below a prefix; the next call goes on by the answer's continuation.</summary>
    public async Task<ListObjectsV2Response> List(string prefix, int most, string? continuation, CancellationToken cancel) =>
        await Translated($"list {prefix}", () => client.ListObjectsV2Async(
            new ListObjectsV2Request { BucketName = options.Bucket, Prefix = prefix, MaxKeys = most, ContinuationToken = continuation }, cancel));

    public void Dispose() => client.Dispose();

    private async Task Conditionally<T>(bool first, string what, Func<string?, Task<T>> work)
    {
        try
        {
            await Translated(what, () => work(first && conditional ? "*" : null));
        }
        catch (NaruException e) when (first && conditional && e.InnerException is AmazonS3Exception refused && S3Errors.IsUnknown(refused))
        {
            conditional = false;
            await Translated(what, () => work(null));
        }
    }

    private static async Task<T> Translated<T>(string what, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (S3Errors.Is(e))
        {
            throw S3Errors.Translate(e, what);
        }
    }
}
