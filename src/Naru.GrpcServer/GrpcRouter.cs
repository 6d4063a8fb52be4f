using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Naru.Base;
using Naru.Linux;
using Naru.Rpc.Grpc;

namespace Naru.GrpcServer;

/// <summary>The services' methods by path, and how a call's end is told: grpc-status and grpc-message as trailers.</summary>
/// <param name="finished">Called after each call.</param>
/// <param name="details">A google.rpc.Status (serialized) that tells more of a failure than its text; null: there is no more to tell.</param>
public sealed class GrpcRouter(Action finished, CancellationToken stopping, Func<NaruException, byte[]?>? details = null)
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
        var (code, message, failure) = await Run(http, new GrpcCall(http, cancel.Token));
        finished();
        if (http.RequestAborted.IsCancellationRequested)
            return;
        http.Response.AppendTrailer("grpc-status", code.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (message.Length > 0)
            http.Response.AppendTrailer("grpc-message", GrpcFrame.EncodeMessage(message));
        if (failure is not null && details?.Invoke(failure) is { } more)
            http.Response.AppendTrailer("grpc-status-details-bin", Convert.ToBase64String(more).TrimEnd('='));
    }

    private async Task<(int Code, string Message, NaruException? Failure)> Run(HttpContext http, GrpcCall call)
    {
        var path = http.Request.Path.Value ?? string.Empty;
        if (!methods.TryGetValue(path, out var method))
            return (ErrorTables.ToGrpc(ErrorKind.Unimplemented), Unknown(path), null);
        try
        {
            await method(call);
            return (0, string.Empty, null);
        }
        catch (NaruException e)
        {
            Log.Debug($"{path}: {e.Message}");
            return (e.Kind == ErrorKind.Internal ? 2 : ErrorTables.ToGrpc(e.Kind), e.Message, e);
        }
        catch (OperationCanceledException)
        {
            return (ErrorTables.ToGrpc(ErrorKind.Canceled), "context canceled", null);
        }
        catch (IOException e) when (e.HResult == Errno.ENOSPC)
        {
            return (2, "no space left on device", null);
        }
        catch (Exception e)
        {
            Log.Error($"{path}: {e}");
            return (2, e.Message, null);
        }
    }

    private static string Unknown(string path)
    {
        var parts = path.Split('/');
        return parts.Length == 3 ? $"unknown method {parts[2]} for service {parts[1]}" : $"malformed method name: \"{path}\"";
    }
}
