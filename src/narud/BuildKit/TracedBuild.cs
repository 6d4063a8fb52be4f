using System.Text.Json;
using Google.Protobuf;
using Naru.Base;
using Naru.Build;
using Naru.Build.Context;
using Naru.Build.Progress;
using Naru.Daemon.Http;
using Naru.Engine.Images;

namespace Naru.Daemon.BuildKit;

/// <summary>POST /build?version=2: a build with a session, asked for as one of the classic builder's. Its progress is BuildKit's, in base64.</summary>
internal sealed class TracedBuild(Builder builder, SessionRegistry sessions)
{
    private const string Remote = "client-session";

    /// <param name="inlineCache">Images are to carry the build's cache records.</param>
    public async Task Run(ApiCall call, BuildRequest request, bool inlineCache, IReadOnlyList<string> tags)
    {
        if (call.Query("remote") is { Length: > 0 } remote && remote != Remote)
            throw new NaruException(ErrorKind.Unimplemented, $"remote context {remote} is not supported with version=2: use {Remote}, or the client's own protocol");
        if (call.Query("session") is not { Length: > 0 } id)
            throw NaruException.Invalid("a build of version 2 needs a session: parameter session is missing");
        var exports = new List<ExportRequest>();
        foreach (var export in Exports(call.Query("outputs"), tags))
            exports.Add(export with { InlineCache = inlineCache });
        var session = await sessions.Find(id, call.Cancel);
        await ProgressResponse.Run(call, output => Run(call, request, exports, session, output));
    }

    private async Task Run(ApiCall call, BuildRequest request, IReadOnlyList<ExportRequest> exports, SessionClient session, ProgressOutput output)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(call.Cancel, session.Ended);
        var progress = new BuildProgress();
        var telling = Tell(progress, output, cancel.Token);
        try
        {
            await using var result = await builder.Solve(request, session, progress, cancel.Token);
            var digest = "";
            foreach (var export in exports)
            {
                var response = await builder.Export(result, export, session, progress, cancel.Token);
                digest = response.GetValueOrDefault("containerimage.config.digest") ?? digest;
            }

            progress.Finish();
            await telling;
            if (digest.Length > 0)
                output.Aux("moby.image.id", Element(writer => WriteId(writer, digest)));
        }
        catch (OperationCanceledException) when (session.Ended.IsCancellationRequested)
        {
            throw new NaruException(ErrorKind.Canceled, "the client's session has ended");
        }
        finally
        {
            // What failed is told after the steps that led there.
            progress.Finish();
            await telling.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private static async Task Tell(BuildProgress progress, ProgressOutput output, CancellationToken cancel)
    {
        var seen = 0;
        while (await progress.Next(seen, cancel) is { Count: > 0 } events)
        {
            seen += events.Count;
            var message = StatusMessages.From(events).ToByteArray();
            output.Aux("moby.buildkit.trace", Element(writer => writer.WriteBase64StringValue(message)));
        }
    }

    /// <summary>Parameter <c>outputs</c>: a JSON list of <c>{"Type":"local","Attrs":{…}}</c>; without it the image gets its tags.</summary>
    private static List<ExportRequest> Exports(string? outputs, IReadOnlyList<string> tags)
    {
        var exports = new List<ExportRequest>();
        try
        {
            using var document = JsonDocument.Parse(string.IsNullOrEmpty(outputs) ? "[]" : outputs);
            foreach (var output in document.RootElement.EnumerateArray())
            {
                var attributes = new Dictionary<string, string>();
                if (output.TryGetProperty("Attrs", out var given) && given.ValueKind == JsonValueKind.Object)
                {
                    foreach (var attribute in given.EnumerateObject())
                        attributes[attribute.Name] = attribute.Value.GetString() ?? "";
                }

                exports.Add(new ExportRequest { Type = output.GetProperty("Type").GetString() ?? "", Attributes = attributes, Number = exports.Count });
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new NaruException(ErrorKind.InvalidArgument, "error reading build parameter outputs: a list of objects with Type and Attrs is expected", e);
        }

        if (exports.Count == 0)
            exports.Add(new ExportRequest { Type = "moby", Attributes = new Dictionary<string, string> { ["name"] = string.Join(',', tags) } });
        return exports;
    }

    private static void WriteId(Utf8JsonWriter writer, string digest)
    {
        writer.WriteStartObject();
        writer.WriteString("ID", digest);
        writer.WriteEndObject();
    }

    private static JsonElement Element(Action<Utf8JsonWriter> content)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            content(writer);
        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }
}
