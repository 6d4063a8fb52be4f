using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Naru.Base;

namespace Naru.Daemon.Http;

/// <summary>One request of the Engine API: its parameters, its body, its answer.</summary>
internal sealed class ApiCall(HttpContext context, IReadOnlyDictionary<string, string> route)
{
    private const int LargestBody = 4 * 1024 * 1024;
    private const int DeepestJson = 10_000;

    public HttpContext Context { get; } = context;

    public CancellationToken Cancel => Context.RequestAborted;

    public string this[string name] => route[name];

    public string? Query(string name) => Context.Request.Query.TryGetValue(name, out StringValues value) ? value.ToString() : null;

    /// <summary>Docker's truth: anything but empty, 0, no, false and none.</summary>
    public bool Flag(string name, bool otherwise = false) =>
        Query(name) is { } text ? text.Trim().ToLowerInvariant() is not ("" or "0" or "no" or "false" or "none") : otherwise;

    public int? Number(string name)
    {
        if (Query(name) is not { Length: > 0 } text)
            return null;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value
            : throw NaruException.Invalid($"strconv.Atoi: parsing \"{text}\": invalid syntax");
    }

    /// <exception cref="NaruException">InvalidArgument, in Docker's words.</exception>
    public async Task<T> Body<T>(JsonTypeInfo<T> type)
        where T : class => Parse(await ReadBody(), type) ?? throw NaruException.Invalid("config cannot be empty in order to create a container");

    /// <summary>A body that may be left out: null for none, and for JSON's null.</summary>
    /// <exception cref="NaruException">InvalidArgument, in Docker's words.</exception>
    public async Task<T?> OptionalBody<T>(JsonTypeInfo<T> type)
        where T : class => await ReadBody() is { Length: > 0 } bytes ? Parse(bytes, type) : null;

    private T? Parse<T>(byte[] bytes, JsonTypeInfo<T> type)
        where T : class
    {
        var contentType = Context.Request.ContentType;
        if (bytes.Length > 0 && contentType?.Split(';')[0].Trim() != "application/json")
            throw NaruException.Invalid($"unsupported Content-Type header ({contentType}): must be 'application/json'");
        if (bytes.Length == 0)
            throw NaruException.Invalid("invalid JSON: got EOF while reading request body");
        Check(bytes);
        try
        {
            return JsonSerializer.Deserialize(bytes, type);
        }
        catch (JsonException e)
        {
            throw new NaruException(ErrorKind.InvalidArgument, $"invalid JSON: {e.Path}: not what is expected there", e);
        }
    }

    public async Task<byte[]> ReadBody()
    {
        var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int count;
        while ((count = await Context.Request.Body.ReadAsync(buffer, Cancel)) > 0)
        {
            body.Write(buffer, 0, count);
            if (body.Length > LargestBody)
                throw NaruException.Invalid("request body too large");
        }

        return body.ToArray();
    }

    public Task Json<T>(T value, JsonTypeInfo<T> type, int status = 200) => Bytes(JsonSerializer.SerializeToUtf8Bytes(value, type), "application/json", status);

    public async Task Bytes(byte[] bytes, string contentType, int status = 200)
    {
        Context.Response.StatusCode = status;
        Context.Response.ContentType = contentType;
        Context.Response.ContentLength = bytes.Length;
        await Context.Response.Body.WriteAsync(bytes, Cancel);
    }

    public Task Text(string text, int status = 200) => Bytes(Encoding.UTF8.GetBytes(text), "text/plain; charset=utf-8", status);

    public Task Empty(int status = 204)
    {
        Context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static void Check(byte[] bytes)
    {
        var reader = new Utf8JsonReader(bytes, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = DeepestJson * 8, AllowMultipleValues = true }));
        var whole = false;
        try
        {
            while (reader.Read())
            {
                if (whole)
                    throw NaruException.Invalid("unexpected content after JSON");
                if (reader.CurrentDepth >= DeepestJson)
                    throw NaruException.Invalid("invalid JSON: exceeded max depth");
                whole = reader.CurrentDepth == 0 && reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject);
            }
        }
        catch (JsonException e)
        {
            throw new NaruException(ErrorKind.InvalidArgument, whole ? "unexpected content after JSON" : "invalid JSON: invalid character", e);
        }

        if (!whole && !(reader.CurrentDepth == 0 && bytes.Length > 0 && IsNumber(bytes)))
            throw NaruException.Invalid("invalid JSON: unexpected EOF");
        if (whole && bytes.AsSpan((int)reader.BytesConsumed).ContainsAnyExcept(" \t\r\n"u8))
            throw NaruException.Invalid("unexpected content after JSON");
    }

    private static bool IsNumber(ReadOnlySpan<byte> bytes) => !bytes.Trim(" \t\r\n"u8).ContainsAnyExcept("0123456789+-.eE"u8);
}
