using Microsoft.AspNetCore.Http;
using Naru.Base;
using Naru.Hub.Metadata;
using Naru.Hub.Storage;
using Naru.HubServer.Http;

namespace Naru.HubServer.Operation;

/// <summary>GET /healthz: the program answers. GET /readyz: so do its database and its storage.</summary>
internal sealed class HealthPages(IDatabase database, IBlobStorage storage)
{
    /// <summary>Anybody may ask, and each check writes: so one serves all who ask within this time.</summary>
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim one = new(1, 1);
    private string? trouble;
    private long looked = long.MinValue / 2;

    public static Task Alive(HubCall call) => call.Bytes("ok\n"u8.ToArray(), "text/plain; charset=utf-8");

    public async Task Ready(HubCall call)
    {
        await one.WaitAsync(call.Cancel);
        try
        {
            if (Environment.TickCount64 - looked >= Lasts.TotalMilliseconds)
            {
                trouble = await Look();
                looked = Environment.TickCount64;
            }
        }
        finally
        {
            one.Release();
        }

        // What exactly is wrong is in the log, for those who run this.
        await call.Bytes(trouble is null ? "ok\n"u8.ToArray() : System.Text.Encoding.UTF8.GetBytes($"{trouble}: not available\n"), "text/plain; charset=utf-8",
            trouble is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private async ValueTask<string?> Look()
    {
        using var limit = new CancellationTokenSource(Patience);
        var what = "database";
        try
        {
            await database.Read(session => session.Number("SELECT 1"), limit.Token).AsTask().WaitAsync(limit.Token);
            what = "storage";
            await storage.Check(limit.Token).AsTask().WaitAsync(limit.Token);
            return null;
        }
        catch (Exception e) when (e is NaruException or OperationCanceledException or IOException)
        {
            Log.Error($"not ready: {what}: {e.Message}");
            return what;
        }
    }
}
