using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Naru.Tests.Hub.Storage;

/// <summary>Whether a request is signed as S3 wants it: "Authenticating Requests (AWS Signature Version 4)" in its API reference, in the header or in the query.</summary>
internal static class S3Signature
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <exception cref="S3Refusal">The request is not signed, not well, or no longer.</exception>
    public static void Check(HttpRequest request, byte[] body, string accessKey, string secretKey)
    {
        var query = Query(request);
        var inQuery = query.ContainsKey("X-Amz-Signature");
        var given = inQuery
            ? new Given(query["X-Amz-Credential"], query["X-Amz-SignedHeaders"], query["X-Amz-Signature"], query["X-Amz-Date"], "UNSIGNED-PAYLOAD")
            : InHeader(request);
        if (inQuery && (query["X-Amz-Algorithm"] != Algorithm || Time(given.Date).AddSeconds(int.Parse(query["X-Amz-Expires"], CultureInfo.InvariantCulture)) < DateTime.UtcNow))
            throw new S3Refusal(403, "AccessDenied");
        var scope = given.Credential.Split('/');
        if (scope.Length != 5 || scope[0] != accessKey || scope[1] != given.Date[..8] || scope[3] != "s3" || scope[4] != "aws4_request" || Math.Abs((Time(given.Date) - DateTime.UtcNow).TotalMinutes) > 15)
            throw new S3Refusal(403, "AuthorizationHeaderMalformed");
        foreach (var name in inQuery ? ["host"] : (string[])["host", "x-amz-content-sha256", "x-amz-date"])
        {
            if (!given.SignedHeaders.Split(';').Contains(name))
                throw new S3Refusal(403, "AccessDenied");
        }

        query.Remove("X-Amz-Signature");
        var canonical = $"{request.Method}\n{request.Path.Value}\n{string.Join('&', query.Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"))}\n"
            + string.Concat(given.SignedHeaders.Split(';').Select(name => $"{name}:{string.Join(',', request.Headers[name].Select(value => value!.Trim()))}\n"))
            + $"\n{given.SignedHeaders}\n{given.Payload}";
        var key = Encoding.UTF8.GetBytes("AWS4" + secretKey);
        foreach (var part in scope.Skip(1))
            key = Hmac(key, part);
        if (Hex(Hmac(key, $"{Algorithm}\n{given.Date}\n{string.Join('/', scope.Skip(1))}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}")) != given.Signature)
            throw new S3Refusal(403, "SignatureDoesNotMatch");
        if (given.Payload != "UNSIGNED-PAYLOAD" && given.Payload != Hex(SHA256.HashData(body)))
            throw new S3Refusal(400, "XAmzContentSHA256Mismatch");
    }

    private static Given InHeader(HttpRequest request)
    {
        var text = request.Headers.Authorization.ToString();
        if (!text.StartsWith($"{Algorithm} ", StringComparison.Ordinal))
            throw new S3Refusal(403, "AccessDenied");
        var parts = text[(Algorithm.Length + 1)..].Split(',', StringSplitOptions.TrimEntries).Select(part => part.Split('=', 2)).ToDictionary(part => part[0], part => part[1]);
        return new Given(parts["Credential"], parts["SignedHeaders"], parts["Signature"], request.Headers["x-amz-date"].ToString(), request.Headers["x-amz-content-sha256"].ToString());
    }

    private static SortedDictionary<string, string> Query(HttpRequest request)
    {
        var query = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in request.Query)
            query[name] = value.ToString();
        return query;
    }

    private static DateTime Time(string date) =>
        DateTime.ParseExact(date, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal);

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    private sealed record Given(string Credential, string SignedHeaders, string Signature, string Date, string Payload);
}
