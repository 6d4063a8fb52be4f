using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Naru.Api.Client;

/// <summary>A successful answer. The body streams from the connection, which this owns.</summary>
public sealed class EngineResponse : IDisposable
{
    private readonly HttpConnection connection;

    internal EngineResponse(HttpConnection connection, int status, Dictionary<string, string> headers, Stream body) =>
        (this.connection, Status, Headers, Body) = (connection, status, headers, body);

    public int Status { get; }

    /// <summary>By name, in any case.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    public Stream Body { get; }

    /// <summary>Reads the whole body.</summary>
    public byte[] ReadBytes()
    {
        var whole = new MemoryStream();
        Body.CopyTo(whole);
        return whole.ToArray();
    }

    /// <summary>Reads the whole body as one JSON value.</summary>
    public T Read<T>(JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(ReadBytes(), type) ?? throw new NaruException(ErrorKind.Internal, "the engine answered null");

    public void Dispose()
    {
        Body.Dispose();
        connection.Dispose();
    }
}
