using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Naru.Api;
using Naru.Base;
using Naru.Engine;

namespace Naru.Daemon.Http;

/// <summary>What every request passes: version, route, error.</summary>
/// <param name="router">Knows the endpoint of each path.</param>
/// <param name="answered">Called when a request is over, however it ended.</param>
internal sealed class ApiServer(Router router, Action answered)
{
    public async Task Handle(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers["Api-Version"] = EngineOptions.ApiVersion;
        headers["Docker-Experimental"] = "false";
        headers["Ostype"] = "linux";
        headers.Server = $"Naru/{EngineOptions.EngineVersion} (linux)";
        try
        {
            var path = WithoutVersion(context.Request.Path.Value ?? "/");
            if (router.Find(context.Request.Method, path) is not { } found)
                throw NaruException.NotFound("page not found");
            await found.Endpoint(new ApiCall(context, found.Values));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            await Fail(context, e);
        }
        finally
        {
            answered();
        }
    }

    private static string WithoutVersion(string path)
    {
        if (path.Length < 3 || path[1] != 'v' || !char.IsAsciiDigit(path[2]))
            return path;
        var slash = path.IndexOf('/', 2);
        var text = slash < 0 ? path[2..] : path[2..slash];
        var parts = text.Split('.');
        if (parts.Length != 2 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major) || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minor))
            return path;
        if (major > 1 || (major == 1 && minor > 51))
            throw NaruException.Invalid($"client version {text} is too new. Maximum supported API version is {EngineOptions.ApiVersion}");
        if (major < 1 || minor < 24)
            throw NaruException.Invalid($"client version {text} is too old. Minimum supported API version is {EngineOptions.MinimumApiVersion}, please upgrade your client to a newer version");
        return slash < 0 ? "/" : path[slash..];
    }

    private static async Task Fail(HttpContext context, Exception failure)
    {
        if (failure is not NaruException)
            Log.Error($"{context.Request.Method} {context.Request.Path}: {failure}");
        else
            Log.Debug($"{context.Request.Method} {context.Request.Path}: {failure.Message}");
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        try
        {
            var status = failure is NaruException known ? ErrorTables.ToHttp(known.Kind) : failure is BadHttpRequestException bad ? bad.StatusCode : 500;
            context.Response.StatusCode = status;
            if (status == 304)
                return;
            var bytes = JsonSerializer.SerializeToUtf8Bytes(new ErrorResponse { Message = failure.Message }, ApiJson.Default.ErrorResponse);
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = bytes.Length;
            await context.Response.Body.WriteAsync(bytes);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The client is gone, or the connection was taken over.
        }
    }
}
