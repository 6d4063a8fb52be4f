using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Naru.Hub.Storage;

namespace Naru.Tests.Hub.Storage;

/// <summary>An S3 server with one bucket, <c>hub</c>, in memory: as much of Amazon's API reference as the hub uses, checked to the letter. What it does not know is refused; it fails when told to.</summary>
public sealed class StrictS3 : IAsyncDisposable
{
    private const string Bucket = "hub";
    private const string AccessKey = "AKIDNARU";
    private const string SecretKey = "a/secret+key";
    private const int MostKeys = 1000;

    private readonly WebApplication app;
    private readonly string spool = Directory.CreateTempSubdirectory("naru-strict-s3-").FullName;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<S3Fault>> faults = new();

    private StrictS3()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        app = builder.Build();
        app.Run(Handle);
    }

    public S3Bucket Content { get; } = new();

    /// <summary>What was asked for: <c>Put</c>, <c>Get</c>, <c>PutPart 2</c>…</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public Uri Endpoint { get; private set; } = null!;

    public static async Task<StrictS3> Start()
    {
        var server = new StrictS3();
        await server.app.StartAsync();
        server.Endpoint = new Uri(server.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return server;
    }

    /// <summary>Parts are as small as they may be.</summary>
    public S3Options Options(string prefix = "") => new()
    {
        Bucket = Bucket,
        Prefix = prefix,
        Endpoint = Endpoint,
        Region = "eu-test-1",
        PathStyle = true,
        AccessKey = AccessKey,
        SecretKey = SecretKey,
        Spool = spool,
        PartSize = 5 << 20,
        Redirect = true,
    };

    /// <summary>Lets the next requests of that name fail.</summary>
    public void Fail(string operation, S3Fault fault, int times = 1)
    {
        for (var i = 0; i < times; i++)
            faults.GetOrAdd(operation, _ => new()).Enqueue(fault);
    }

    /// <summary>Nothing fails any more.</summary>
    public void Heal() => faults.Clear();

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        Directory.Delete(spool, recursive: true);
    }

    private async Task Handle(HttpContext context)
    {
        var request = context.Request;
        try
        {
            var operation = Operation(request);
            Requests.Enqueue(operation);
            S3Fault? fault = faults.TryGetValue(operation, out var queue) && queue.TryDequeue(out var next) ? next : null;
            if (fault == S3Fault.SlowDown)
                throw new S3Refusal(503, "SlowDown");
            var body = new MemoryStream();
            var buffer = new byte[64 << 10];
            int count;
            while ((count = await request.Body.ReadAsync(buffer)) > 0)
            {
                body.Write(buffer, 0, count);
                if (fault == S3Fault.Drop && body.Length >= request.ContentLength / 2)
                    break;
            }

            if (fault == S3Fault.Drop)
            {
                context.Abort();
                return;
            }

            S3Signature.Check(request, body.ToArray(), AccessKey, SecretKey);
            if (fault == S3Fault.DropAnswer)
            {
                context.Response.Body = Stream.Null;
                await Answer(context, operation, body.ToArray());
                context.Abort();
                return;
            }

            await Answer(context, operation, body.ToArray());
        }
        catch (S3Refusal refusal)
        {
            context.Response.StatusCode = refusal.Status;
            if (!HttpMethods.IsHead(request.Method))
                await Xml(context, $"<Error><Code>{refusal.Message}</Code><Message>refused</Message><RequestId>1</RequestId></Error>");
        }
    }

    /// <summary>What is asked for, by method and query; everything in the query must be known.</summary>
    private static string Operation(HttpRequest request)
    {
        var names = string.Join('&', request.Query.Keys.Where(name => !name.StartsWith("X-Amz-", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        if (request.Path.Value is not { } path || !path.StartsWith($"/{Bucket}", StringComparison.Ordinal))
            throw new S3Refusal(404, "NoSuchBucket");
        if (request.Method is "PUT" && request.ContentLength is null)
            throw new S3Refusal(411, "MissingContentLength");
        return (request.Method, names) switch
        {
            ("PUT", "" or "x-id") => "Put",
            ("PUT", "partNumber&uploadId" or "partNumber&uploadId&x-id") => $"PutPart {request.Query["partNumber"]}",
            ("POST", "uploads") => "Begin",
            ("POST", "uploadId") => "End",
            ("DELETE", "uploadId" or "uploadId&x-id") => "Abort",
            ("DELETE", "" or "x-id") => "Delete",
            ("HEAD", "") => "Head",
            ("GET", "" or "x-id") => "Get",
            ("GET", _) when path.TrimEnd('/') == $"/{Bucket}" && request.Query["list-type"] == "2" => "List",
            _ => throw new S3Refusal(501, "NotImplemented"),
        };
    }

    private async Task Answer(HttpContext context, string operation, byte[] body)
    {
        var (request, response) = (context.Request, context.Response);
        var key = request.Path.Value!.Length > Bucket.Length + 1 ? request.Path.Value[(Bucket.Length + 2)..] : "";
        var upload = request.Query["uploadId"].ToString();
        var first = request.Headers.IfNoneMatch.ToString() switch { "" => false, "*" when operation is "Put" or "End" => true, _ => throw new S3Refusal(501, "NotImplemented") };
        switch (operation.Split(' ')[0])
        {
            case "Put":
                Content.Put(key, body, first);
                response.Headers.ETag = S3Bucket.Tag(body);
                break;
            case "PutPart":
                response.Headers.ETag = Content.PutPart(key, upload, int.Parse(request.Query["partNumber"].ToString(), CultureInfo.InvariantCulture), body);
                break;
            case "Begin":
                await Xml(context, $"<InitiateMultipartUploadResult><Bucket>{Bucket}</Bucket><Key>{key}</Key><UploadId>{Content.Begin(key)}</UploadId></InitiateMultipartUploadResult>");
                break;
            case "End":
                Content.End(key, upload, Parts(body), first);
                await Xml(context, $"<CompleteMultipartUploadResult><Bucket>{Bucket}</Bucket><Key>{key}</Key><ETag>\"whole\"</ETag></CompleteMultipartUploadResult>");
                break;
            case "Abort":
                Content.Abort(key, upload);
                response.StatusCode = 204;
                break;
            case "Delete":
                Content.Delete(key);
                response.StatusCode = 204;
                break;
            case "List":
                await List(context);
                break;
            default:
                await Send(context, Content.Get(key) ?? throw new S3Refusal(404, "NoSuchKey"));
                break;
        }
    }

    private static List<KeyValuePair<int, string>> Parts(byte[] body) =>
        [.. XDocument.Parse(Encoding.UTF8.GetString(body)).Root!.Elements().Select(part => KeyValuePair.Create(
            int.Parse(part.Elements().First(element => element.Name.LocalName == "PartNumber").Value, CultureInfo.InvariantCulture),
            part.Elements().First(element => element.Name.LocalName == "ETag").Value))];

    private async Task List(HttpContext context)
    {
        var query = context.Request.Query;
        if (query.Keys.Except(["list-type", "prefix", "max-keys", "continuation-token", "x-id"]).FirstOrDefault() is { } unknown)
            throw new S3Refusal(501, $"NotImplemented{unknown}");
        var most = Math.Min(MostKeys, query.TryGetValue("max-keys", out var asked) ? int.Parse(asked.ToString(), CultureInfo.InvariantCulture) : MostKeys);
        var after = query.TryGetValue("continuation-token", out var token) ? Encoding.UTF8.GetString(Convert.FromBase64String(token.ToString())) : "";
        var keys = Content.List(query["prefix"].ToString(), after, most);
        var more = keys.Count > most;
        var text = new StringBuilder($"<ListBucketResult><Name>{Bucket}</Name><MaxKeys>{most}</MaxKeys><IsTruncated>{(more ? "true" : "false")}</IsTruncated>");
        foreach (var key in keys.Take(most))
        {
            if (Content.Get(key) is { } found)
                text.Append(CultureInfo.InvariantCulture, $"<Contents><Key>{key}</Key><LastModified>{found.Changed:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}</LastModified><Size>{found.Content.Length}</Size></Contents>");
        }

        if (more)
            text.Append(CultureInfo.InvariantCulture, $"<NextContinuationToken>{Convert.ToBase64String(Encoding.UTF8.GetBytes(keys[most - 1]))}</NextContinuationToken>");
        await Xml(context, text.Append("</ListBucketResult>").ToString());
    }

    /// <summary>RFC 9110, 14: one range, or all.</summary>
    private static async Task Send(HttpContext context, S3Object found)
    {
        var (response, content) = (context.Response, found.Content);
        response.Headers.ETag = S3Bucket.Tag(content);
        response.Headers.AcceptRanges = "bytes";
        response.Headers.LastModified = found.Changed.ToString("R", CultureInfo.InvariantCulture);
        var (first, end) = (0, content.Length);
        if (context.Request.Headers.Range.ToString() is { Length: > 0 } range)
        {
            var parts = range["bytes=".Length..].Split('-');
            first = int.Parse(parts[0], CultureInfo.InvariantCulture);
            if (first >= content.Length)
                throw new S3Refusal(416, "InvalidRange");
            end = parts[1].Length == 0 ? end : (int)Math.Min(content.Length, long.Parse(parts[1], CultureInfo.InvariantCulture) + 1);
            response.StatusCode = 206;
            response.Headers.ContentRange = $"bytes {first}-{end - 1}/{content.Length}";
        }

        response.ContentLength = end - first;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(content.AsMemory(first..end));
    }

    private static async Task Xml(HttpContext context, string text)
    {
        context.Response.ContentType = "application/xml";
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes($"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{text}"));
    }
}
