using Naru.Base;
using Naru.Hub.Metadata;

namespace Naru.Hub.Registry;

/// <summary>The right of one request to write to an upload, among all processes: <c>upload.claimed</c>, the ticks when it ends if its process does. Kept until it is disposed.</summary>
/// <remarks>For a storage that does not see to it. Were it ever lost to another, bytes would still not be mixed: an object is completed once, of parts that are named by their content.</remarks>
internal sealed class UploadClaim : IAsyncDisposable
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Renewed = TimeSpan.FromSeconds(15);

    private readonly IDatabase database;
    private readonly string id;
    private readonly CancellationTokenSource stop = new();
    private readonly Task renewing;
    private long until;

    private UploadClaim(IDatabase database, string id, long until)
    {
        (this.database, this.id, this.until) = (database, id, until);
        renewing = Renew();
    }

    /// <summary>Waits for those who have it, at most <paramref name="wait"/>; null when they do not end, or there is no such upload.</summary>
    public static async ValueTask<UploadClaim?> Take(IDatabase database, string id, TimeSpan wait, CancellationToken cancel)
    {
        var end = Environment.TickCount64 + (long)wait.TotalMilliseconds;
        for (var pause = 10; ; pause = Math.Min(pause * 2, 500))
        {
            var now = DateTime.UtcNow;
            var until = (now + Life).Ticks;
            if (await database.Write(session => session.Execute("UPDATE upload SET claimed = $2 WHERE id = $1 AND claimed < $3", id, until, now.Ticks), cancel) > 0)
                return new UploadClaim(database, id, until);
            if (Environment.TickCount64 > end || await database.Read(session => session.Number("SELECT 1 FROM upload WHERE id = $1", id), cancel) is null)
                return null;
            await Task.Delay(pause, cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await renewing;
        stop.Dispose();
        try
        {
            await Move(0);
        }
        catch (NaruException e)
        {
            Log.Warn($"upload {id} stays claimed for a minute: {e.Message}");
        }
    }

    private async Task Renew()
    {
        using var timer = new PeriodicTimer(Renewed);
        try
        {
            while (await timer.WaitForNextTickAsync(stop.Token))
            {
                try
                {
                    await Move((DateTime.UtcNow + Life).Ticks);
                }
                catch (NaruException e)
                {
                    Log.Warn($"upload {id} could not be kept: {e.Message}");
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async ValueTask Move(long to)
    {
        if (await database.Write(session => session.Execute("UPDATE upload SET claimed = $2 WHERE id = $1 AND claimed = $3", id, to, until), CancellationToken.None) > 0)
            until = to;
    }
}
