using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Naru.Api.Client;

/// <summary>The Engine API's client side: one connection a request, synchronous.</summary>
/// <remarks>
/// The version is agreed on without a round trip of its own: the newest known is asked for first, and an engine that is older says so in
/// its Api-Version header, whereupon the request is made again with that. A body that can be read only once is sent after a ping instead.
/// </remarks>
public sealed class EngineClient(EngineAddress address)
{
    /// <summary>The newest API version this client knows.</summary>
    public const string NewestVersion = "1.51";

    private const int UploadSize = 256 * 1024;

    private string version = NewestVersion;
    private bool agreed;

    public EngineAddress Address { get; } = address;

    public TlsFiles? Tls { get; init; }

    /// <summary>Connects to a unix socket by its path, throwing <see cref="SocketException"/>; null: the framework's sockets do.</summary>
    public Func<string, LocalStream>? ConnectLocal { get; init; }

    /// <summary>Told of every request before it is made; null: nobody wants to know.</summary>
    public Action<string>? Trace { get; init; }

    public string UserAgent { get; init; } = "Naru-Client/0.1.0 (linux)";

    /// <summary>More headers for every request (the config file's HttpHeaders).</summary>
    public IReadOnlyDictionary<string, string>? ExtraHeaders { get; init; }

    /// <summary>Pins the version (DOCKER_API_VERSION), so that none is negotiated.</summary>
    public string? PinnedVersion
    {
        get;
        init
        {
            field = value;
            if (value is not null)
                (version, agreed) = (value, true);
        }
    }

    /// <summary>The version in use; final once an answer came.</summary>
    public string Version => version;

    /// <summary>The headers of GET /_ping, or null when nobody answers.</summary>
    public IReadOnlyDictionary<string, string>? TryPing()
    {
        try
        {
            using var connection = Open("HEAD", "");
            SendHead(connection, "HEAD", $"{Address.BasePath}/_ping", null, 0);
            var (_, headers) = connection.ReadHead();
            Agree(headers);
            return headers;
        }
        catch (Exception e) when (e is EngineException or IOException)
        {
            return null;
        }
    }

    /// <summary>Sends a request and returns the answer, of which the body has yet to be read.</summary>
    /// <param name="path">Path and query after the version: "/containers/json?all=1".</param>
    /// <exception cref="EngineException">No engine, or an answer of 400 or more.</exception>
    public EngineResponse Send(string method, string path, ReadOnlyMemory<byte>? json = null, IReadOnlyDictionary<string, string>? headers = null)
    {
        while (true)
        {
            var connection = Open(method, path);
            try
            {
                var extra = json is null ? headers : With(headers, "Content-Type", "application/json");
                SendHead(connection, method, Versioned(path), extra, json?.Length ?? (method is "GET" or "HEAD" or "DELETE" ? null : 0));
                if (json is { Length: > 0 })
                    connection.Transport.Write(json.Value.Span);
                if (Receive(connection, method) is { } response)
                    return response;
            }
            catch (Exception e) when (Close(connection, e))
            {
                throw;
            }
        }
    }

    /// <summary>Sends a request whose body is copied from <paramref name="body"/> in chunks.</summary>
    public EngineResponse SendStream(string method, string path, string contentType, Stream body, IReadOnlyDictionary<string, string>? headers = null) =>
        SendStream(method, path, contentType, stream => body.CopyTo(stream, UploadSize), headers);

    /// <summary>Sends a request whose body <paramref name="write"/> writes, in chunks.</summary>
    public EngineResponse SendStream(string method, string path, string contentType, Action<Stream> write, IReadOnlyDictionary<string, string>? headers = null)
    {
        if (!agreed)
            TryPing();
        agreed = true;
        var connection = Open(method, path);
        try
        {
            var all = With(With(headers, "Content-Type", contentType), "Transfer-Encoding", "chunked");
            SendHead(connection, method, Versioned(path), all, null);
            // Beside reading: the engine may answer, or end, before it has read all.
            new Thread(() => Upload(connection, write), 256 * 1024) { IsBackground = true, Name = "upload" }.Start();
            return Receive(connection, method)!;
        }
        catch (Exception e) when (Close(connection, e))
        {
            throw;
        }
    }

    private static void Upload(HttpConnection connection, Action<Stream> write)
    {
        try
        {
            var chunks = new BufferedStream(new ChunkStream(connection), UploadSize);
            write(chunks);
            chunks.Flush();
            connection.SendLastChunk();
        }
        catch (Exception e) when (e is BrokenRequestException or ObjectDisposedException)
        {
            // The engine refused before it had read all: its answer says why.
        }
        catch (Exception e)
        {
            connection.Abort(e);
        }
    }

    public EngineResponse SendJson<T>(string method, string path, T value, JsonTypeInfo<T> type, IReadOnlyDictionary<string, string>? headers = null) =>
        Send(method, path, JsonSerializer.SerializeToUtf8Bytes(value, type), headers);

    public T Get<T>(string path, JsonTypeInfo<T> type)
    {
        using var response = Send("GET", path);
        return response.Read(type);
    }

    /// <summary>Sends a request of which only success matters.</summary>
    public void Do(string method, string path)
    {
        using var response = Send(method, path);
        response.ReadBytes();
    }

    /// <summary>Asks to take the connection over as a raw stream (attach, exec), or for another protocol.</summary>
    /// <param name="extra">More headers; a value with several lines stands for as many headers of the name.</param>
    public RawConnection Hijack(string path, ReadOnlyMemory<byte>? json = null, string protocol = "tcp", IReadOnlyDictionary<string, string>? extra = null)
    {
        while (true)
        {
            var connection = Open("POST", path);
            try
            {
                var headers = extra is null ? [] : new Dictionary<string, string>(extra);
                (headers["Connection"], headers["Upgrade"]) = ("Upgrade", protocol);
                SendHead(connection, "POST", Versioned(path), json is null ? headers : With(headers, "Content-Type", "application/json"), json?.Length ?? 0);
                if (json is not null)
                    connection.Transport.Write(json.Value.Span);
                var (status, answer) = connection.ReadHead();
                if (status is 101 or 200)
                {
                    Agree(answer);
                    var type = answer.GetValueOrDefault("Content-Type", "");
                    return new RawConnection(connection, type == "application/vnd.docker.multiplexed-stream");
                }

                Fail(connection, "POST", status, answer);
                connection.Dispose();
            }
            catch (Exception e) when (Close(connection, e))
            {
                throw;
            }
        }
    }

    /// <summary>A bare connection to the engine, for whoever speaks its protocol at the other end of our streams.</summary>
    public RawConnection Dial() => new(Open("GET", ""), multiplexed: false);

    /// <summary>Escapes one segment of a path.</summary>
    public static string Escape(string segment) => Uri.EscapeDataString(segment);

    private static bool Close(HttpConnection connection, Exception reason)
    {
        connection.Dispose();
        return reason is not null;
    }

    private static Dictionary<string, string> With(IReadOnlyDictionary<string, string>? headers, string name, string value)
    {
        var all = headers is null ? new Dictionary<string, string>() : new Dictionary<string, string>(headers);
        all[name] = value;
        return all;
    }

    private string Versioned(string path) => $"{Address.BasePath}/v{version}{path}";

    /// <summary>Reads the answer's head. Null: the version was too new, and the request is to be made again.</summary>
    private EngineResponse? Receive(HttpConnection connection, string method)
    {
        var (status, headers) = connection.ReadHead();
        if (status >= 400)
        {
            Fail(connection, method, status, headers);
            connection.Dispose();
            return null;
        }

        Agree(headers);
        return new EngineResponse(connection, status, headers, Body(connection, method, status, headers));
    }

    /// <summary>Throws the engine's error, unless the version was too new: then the right one is set.</summary>
    private void Fail(HttpConnection connection, string method, int status, Dictionary<string, string> headers)
    {
        if (status == 400 && !agreed && Older(headers.GetValueOrDefault("Api-Version"), version))
        {
            Agree(headers);
            return;
        }

        using var body = new MemoryStream();
        Body(connection, method, status, headers).CopyTo(body);
        var text = body.ToArray();
        string message;
        try
        {
            message = JsonSerializer.Deserialize(text, ApiJson.Default.ErrorResponse)?.Message ?? "";
        }
        catch (JsonException)
        {
            message = Encoding.UTF8.GetString(text).Trim();
        }

        throw new EngineException(status, message.Length > 0
            ? $"Error response from daemon: {message.Trim()}"
            : $"request returned {status.ToString(CultureInfo.InvariantCulture)} for API route and version {Address.Text}/v{version}, check if the server supports the requested API version");
    }

    private void Agree(IReadOnlyDictionary<string, string> headers)
    {
        if (agreed)
            return;
        agreed = true;
        if (headers.TryGetValue("Api-Version", out var theirs) && Older(theirs, version))
            version = theirs;
    }

    private static bool Older(string? left, string right) =>
        System.Version.TryParse(left, out var one) && System.Version.TryParse(right, out var two) && one < two;

    private static BodyStream Body(HttpConnection connection, string method, int status, Dictionary<string, string> headers)
    {
        if (method == "HEAD" || status is 204 or 304)
            return new BodyStream(connection, 0, chunked: false);
        if (headers.GetValueOrDefault("Transfer-Encoding") == "chunked")
            return new BodyStream(connection, null, chunked: true);
        var length = headers.TryGetValue("Content-Length", out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : (long?)null;
        return new BodyStream(connection, length, chunked: false);
    }

    private void SendHead(HttpConnection connection, string method, string target, IReadOnlyDictionary<string, string>? headers, int? length)
    {
        var head = new StringBuilder(256).Append(method).Append(' ').Append(target).Append(" HTTP/1.1\r\nHost: ")
            .Append(Address.Scheme == "tcp" ? $"{Address.Host}:{Address.Port}" : "api.moby.localhost").Append("\r\nUser-Agent: ").Append(UserAgent).Append("\r\n");
        if (length is { } bytes)
            head.Append("Content-Length: ").Append(bytes).Append("\r\n");
        if (headers?.ContainsKey("Connection") != true)
            head.Append("Connection: close\r\n");
        foreach (var more in (IReadOnlyDictionary<string, string>?[])[ExtraHeaders, headers])
        {
            foreach (var (name, value) in more ?? new Dictionary<string, string>())
            {
                foreach (var line in value.Split('\n'))
                    head.Append(name).Append(": ").Append(line).Append("\r\n");
            }
        }

        connection.SendHead(head.Append("\r\n").ToString());
    }

    private HttpConnection Open(string method, string path)
    {
        Trace?.Invoke($"{method} {Versioned(path)}");
        try
        {
            return new HttpConnection(Transport.Connect(Address, Tls, ConnectLocal));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AccessDenied)
        {
            throw new EngineException(0, $"permission denied while trying to connect to the Docker daemon socket at {Address.Text}: {char.ToUpperInvariant(method[0])}{method[1..].ToLowerInvariant()} \"http://{Uri.EscapeDataString(Address.Host)}{Versioned(path)}\": dial unix {Address.Host}: connect: permission denied");
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData)
        {
            throw new EngineException(0, $"error during connect: {char.ToUpperInvariant(method[0])}{method[1..].ToLowerInvariant()} \"{(Address.Tls ? "https" : "http")}://{Address.Host}:{Address.Port}{Versioned(path)}\": dial tcp: lookup {Address.Host}: no such host");
        }
        catch (SocketException)
        {
            throw new EngineException(0, $"Cannot connect to the Docker daemon at {Address.Text}. Is the docker daemon running?");
        }
    }
}
