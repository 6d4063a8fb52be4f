using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Naru.Hub.Accounts;

namespace Naru.HubServer.Http;

/// <summary>One request: who sent it, its parameters, its answer.</summary>
internal sealed class HubCall(HttpContext context, Caller caller, IReadOnlyDictionary<string, string> route)
{
    public HttpContext Context { get; } = context;

    public Caller Caller { get; } = caller;

    public CancellationToken Cancel => Context.RequestAborted;

    public HttpRequest Request => Context.Request;

    public HttpResponse Response => Context.Response;

    /// <summary>A value of the route's pattern.</summary>
    public string this[string name] => route[name];

    public string? Query(string name) => Request.Query.TryGetValue(name, out var value) ? value.ToString() : null;

    public string? Header(string name) => Request.Headers.TryGetValue(name, out var value) ? value.ToString() : null;

    public Task Empty(int status)
    {
        Response.StatusCode = status;
        if (status != StatusCodes.Status204NoContent)
            Response.ContentLength = 0;
        return Task.CompletedTask;
    }

    public Task Json<T>(T value, JsonTypeInfo<T> type, int status = 200, string contentType = "application/json") =>
        Bytes(JsonSerializer.SerializeToUtf8Bytes(value, type), contentType, status);

    public async Task Bytes(ReadOnlyMemory<byte> content, string contentType, int status = 200)
    {
        Response.StatusCode = status;
        Response.ContentType = contentType;
        Response.ContentLength = content.Length;
        if (!HttpMethods.IsHead(Request.Method))
            await Response.Body.WriteAsync(content, Cancel);
    }
}
