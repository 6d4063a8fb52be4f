using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Naru.Base;
using Naru.Hub.Accounts;
using Naru.Hub.Registry;
using Naru.HubServer.Api;
using Naru.HubServer.Operation;

namespace Naru.HubServer.Http;

/// <summary>How a failure travels: distribution-spec 1.1, "Error codes": <c>{"errors":[{"code","message","detail"}]}</c>.</summary>
internal static class Failures
{
    private const int NoSpace = 28;
    private const int LongestDetail = 512;

    public static async Task Answer(HttpContext context, Exception failure, Challenge challenge)
    {
        var error = failure as RegistryException ?? Translate(failure);
        var line = $"{context.Request.Method} {context.Request.Path} ({RequestRecord.Of(context).Id}): {error.Status} {error.Word}: {failure.Message}";
        if (error.Status >= 500)
            Log.Error(failure is NaruException ? line : $"{line}: {failure}");
        else
            Log.Debug(line);
        if (context.Response.HasStarted)
        {
            // Half an answer must not look like a whole one.
            context.Abort();
            return;
        }

        // What was said about the answer that should have been; how to do better (Allow, Content-Range, Location) stays.
        context.Response.Headers.CacheControl = default;
        context.Response.Headers.ETag = default;
        context.Response.StatusCode = error.Status;
        if (error.Status == StatusCodes.Status401Unauthorized)
            context.Response.Headers.WWWAuthenticate = challenge.Header(error.Scope, error.TokenError);
        if (error.RetryAfter is { } wait)
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        context.Response.Headers["Docker-Distribution-Api-Version"] = "registry/2.0";
        var body = JsonSerializer.SerializeToUtf8Bytes(new ErrorList([new ErrorItem(error.Word, error.Message, Short(error.Detail))]), ApiJson.Default.ErrorList);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        if (HttpMethods.IsHead(context.Request.Method))
            return;
        try
        {
            await context.Response.Body.WriteAsync(body);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            Log.Debug($"{line}: the client is gone");
        }
    }

    /// <summary>What was sent may be longer than anybody wants to have back.</summary>
    private static string? Short(string? detail) => detail?.Length > LongestDetail ? detail[..LongestDetail] + "…" : detail;

    private static RegistryException Translate(Exception failure) => failure switch
    {
        NaruException { Errno: NoSpace } full => RegistryException.NoSpace(full),
        NaruException known => new(Code(known.Kind), known.Message, status: ErrorTables.ToHttp(known.Kind), inner: failure),
        BadHttpRequestException bad => new(bad.StatusCode == 413 ? RegistryErrorCode.SizeInvalid : RegistryErrorCode.Unsupported, bad.Message, status: bad.StatusCode, inner: failure),

        // So Kestrel tells a chunk that says it has more bytes than an int counts.
        IOException { InnerException: OverflowException } => new(RegistryErrorCode.SizeInvalid, "invalid chunk size", inner: failure),

        // What is unexpected is for the log, not for whoever asked.
        _ => new(RegistryErrorCode.Unknown, "internal error", inner: failure),
    };

    private static RegistryErrorCode Code(ErrorKind kind) => kind switch
    {
        ErrorKind.NotFound => RegistryErrorCode.NameUnknown,
        ErrorKind.InvalidArgument => RegistryErrorCode.Unsupported,
        ErrorKind.Unauthenticated => RegistryErrorCode.Unauthorized,
        ErrorKind.PermissionDenied => RegistryErrorCode.Denied,
        ErrorKind.Unavailable => RegistryErrorCode.Unavailable,
        _ => RegistryErrorCode.Unknown,
    };
}
