using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Naru.Api;
using Naru.Base;
using Naru.Engine.Images;

namespace Naru.Daemon.Http;

/// <summary>Answers with a stream of progress, a JSON object a line. What fails before the first line gets a status of its own; after it, a line.</summary>
internal static class ProgressResponse
{
    private static readonly JsonTypeInfo<ProgressMessage> Type = ApiJson.Default.ProgressMessage;

    public static async Task Run(ApiCall call, Func<ProgressOutput, Task> work)
    {
        var output = new ProgressOutput();
        var working = Work(output, work);
        try
        {
            await foreach (var line in output.Lines.ReadAllAsync(call.Cancel))
            {
                await Write(call, line);
                if (!output.Lines.TryPeek(out _))
                    await call.Context.Response.Body.FlushAsync(call.Cancel);
            }

            await working;
            if (!call.Context.Response.HasStarted)
                call.Context.Response.ContentType = "application/json";
        }
        catch (Exception e) when (call.Context.Response.HasStarted && e is NaruException)
        {
            Log.Debug($"{call.Context.Request.Path}: {e.Message}");
            await Write(call, new ProgressMessage { ErrorDetail = new ProgressError { Message = e.Message }, Error = e.Message });
        }
        finally
        {
            // The work ends with the request, or because of its end.
            await working.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private static async Task Work(ProgressOutput output, Func<ProgressOutput, Task> work)
    {
        try
        {
            await Task.Yield();
            await work(output);
        }
        finally
        {
            output.End();
        }
    }

    private static async Task Write(ApiCall call, ProgressMessage line)
    {
        call.Context.Response.ContentType ??= "application/json";
        byte[] bytes = [.. JsonSerializer.SerializeToUtf8Bytes(line, Type), (byte)'\r', (byte)'\n'];
        await call.Context.Response.Body.WriteAsync(bytes, call.Cancel);
    }
}
