using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Naru.Base;
using Naru.Linux;

namespace Naru.ContainerdDaemon;

/// <summary>The services' methods by path, and how a call's end is told: grpc-status and grpc-message as trailers.</summary>
/// <param name="finished">Called after each call.</param>
internal sealed class GrpcRouter(Action finished, CancellationToken stopping)
{
    private static readonly Empty Nothing = new();
    private readonly Dictionary<string, Func<GrpcCall, Task>> methods = [];

    /// <summary>One message in, one out.</summary>
    public void Unary<TRequest>(string path, MessageParser<TRequest> parser, Func<GrpcCall, TRequest, Task<IMessage>> handler)
        where TRequest : class, IMessage<TRequest> =>
        methods["/" + path] = async call => call.Answer(await handler(call, await call.ReadOne(parser)));

    /// <inheritdoc cref="Unary{TRequest}(string, MessageParser{TRequest}, Func{GrpcCall, TRequest, Task{IMessage}})"/>
    public void Unary<TRequest>(string path, MessageParser<TRequest> parser, Func<GrpcCall, TRequest, IMessage> handler)
        where TRequest : class, IMessage<TRequest> =>
        methods["/" + path] = async call => call.Answer(handler(call, await call.ReadOne(parser)));

    /// <summary>One message in, an empty one out.</summary>
    public void Unary<TRequest>(string path, MessageParser<TRequest> parser, Action<GrpcCall, TRequest> handler)
        where TRequest : class, IMessage<TRequest> =>
        methods["/" + path] = async call =>
        {
            handler(call, await call.ReadOne(parser));
            call.Answer(Nothing);
        };

    /// <inheritdoc cref="Unary{TRequest}(string, MessageParser{TRequest}, Action{GrpcCall, TRequest})"/>
    public void UnaryAsync<TRequest>(string path, MessageParser<TRequest> parser, Func<GrpcCall, TRequest, Task> handler)
        where TRequest : class, IMessage<TRequest> =>
        methods["/" + path] = async call =>
        {
            await handler(call, await call.ReadOne(parser));
            call.Answer(Nothing);
        };

    /// <summary>One message in, many out: the handler writes them.</summary>
    public void ServerStream<TRequest>(string path, MessageParser<TRequest> parser, Func<GrpcCall, TRequest, Task> handler)
        where TRequest : class, IMessage<TRequest> =>
        methods["/" + path] = async call => await handler(call, await call.ReadOne(parser));

    /// <summary>Many in, many out: the handler reads and writes them.</summary>
    public void Duplex(string path, Func<GrpcCall, Task> handler) => methods["/" + path] = handler;

    /// <summary>Answers one HTTP/2 request.</summary>
    public async Task Handle(HttpContext http)
    {
        http.Response.ContentType = "application/grpc";
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        var (code, message) = await Run(http, new GrpcCall(http, cancel.Token));
        finished();
        if (http.RequestAborted.IsCancellationRequested)
            return;
        http.Response.AppendTrailer("grpc-status", code.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (message.Length > 0)
            http.Response.AppendTrailer("grpc-message", Escape(message));
    }

    private async Task<(int Code, string Message)> Run(HttpContext http, GrpcCall call)
    {
        var path = http.Request.Path.Value ?? string.Empty;
        if (!methods.TryGetValue(path, out var method))
            return (ErrorTables.ToGrpc(ErrorKind.Unimplemented), Unknown(path));
        try
        {
            await method(call);
            return (0, string.Empty);
        }
        catch (NaruException e)
        {
            Log.Debug($"{path}: {e.Message}");
            return (e.Kind == ErrorKind.Internal ? 2 : ErrorTables.ToGrpc(e.Kind), e.Message);
        }
        catch (OperationCanceledException)
        {
            return (ErrorTables.ToGrpc(ErrorKind.Canceled), "context canceled");
        }
        catch (IOException e) when (e.HResult == Errno.ENOSPC)
        {
            return (2, "no space left on device");
        }
        catch (Exception e)
        {
            Log.Error($"{path}: {e}");
            return (2, e.Message);
        }
    }

    private static string Unknown(string path)
    {
        var parts = path.Split('/');
        return parts.Length == 3 ? $"unknown method {parts[2]} for service {parts[1]}" : $"malformed method name: \"{path}\"";
    }

    /// <summary>grpc-message: printable ASCII but % as it is, all else as %XX of its UTF-8.</summary>
    private static string Escape(string message)
    {
        var escaped = new StringBuilder();
        foreach (var b in Encoding.UTF8.GetBytes(message))
        {
            if (b is >= 0x20 and <= 0x7e and not (byte)'%')
                escaped.Append((char)b);
            else
                escaped.Append(System.Globalization.CultureInfo.InvariantCulture, $"%{b:X2}");
        }

        return escaped.ToString();
    }
}
