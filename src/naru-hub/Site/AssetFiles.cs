using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Naru.HubServer.Site;

/// <summary>The style and the programs of the pages: files inside this program, each served under a name with its digest in it, and so kept by browsers for good.</summary>
internal sealed class AssetFiles
{
    private const string Prefix = "site/";
    private const string Forever = "public, max-age=31536000, immutable";

    private readonly Dictionary<string, Asset> byPath = new(StringComparer.Ordinal);

    public AssetFiles()
    {
        var assembly = typeof(AssetFiles).Assembly;
        Links = new AssetLinks(Add("hub.css", "text/css; charset=utf-8"), Add("theme.js", "text/javascript; charset=utf-8"), Add("hub.js", "text/javascript; charset=utf-8"), Add("favicon.svg", "image/svg+xml"));

        string Add(string name, string type)
        {
            using var stream = assembly.GetManifestResourceStream(Prefix + name) ?? throw new InvalidOperationException($"no resource {name}");
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            var dot = name.LastIndexOf('.');
            var path = $"/assets/{name[..dot]}.{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 6))}{name[dot..]}";
            byPath[path] = new Asset(content, type, $"\"{path[8..]}\"");
            return path;
        }
    }

    public AssetLinks Links { get; }

    /// <summary>Answers with the file of that path; false when there is none.</summary>
    public async ValueTask<bool> Send(HttpContext context)
    {
        if (!byPath.TryGetValue(context.Request.Path.Value ?? "", out var asset))
            return false;
        var (request, response) = (context.Request, context.Response);
        response.Headers.CacheControl = Forever;
        response.Headers.ETag = asset.Tag;
        response.Headers.Vary = "Accept-Encoding";
        if (request.Headers.IfNoneMatch.ToString().Contains(asset.Tag, StringComparison.Ordinal))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return true;
        }

        var packed = request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase);
        if (packed)
            response.Headers.ContentEncoding = "gzip";
        var content = packed ? asset.Packed : asset.Content;
        response.ContentType = asset.Type;
        response.ContentLength = content.Length;
        if (!HttpMethods.IsHead(request.Method))
            await response.Body.WriteAsync(content, context.RequestAborted);
        return true;
    }

    private sealed class Asset(byte[] content, string type, string tag)
    {
        private byte[]? packed;

        public byte[] Content => content;

        public string Type => type;

        public string Tag => tag;

        /// <summary>Compressed once, when it is first asked for.</summary>
        public byte[] Packed => packed ??= Pack();

        private byte[] Pack()
        {
            using var memory = new MemoryStream();
            using (var gzip = new GZipStream(memory, CompressionLevel.SmallestSize))
                gzip.Write(content);
            return memory.ToArray();
        }
    }
}
