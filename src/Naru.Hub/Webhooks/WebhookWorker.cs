using Naru.Base;
using Naru.Hub.Metadata;

namespace Naru.Hub.Webhooks;

/// <summary>Makes the deliveries that are due. Several processes share them: each is claimed by moving the time at which it is due again.</summary>
/// <remarks>
/// A process that ends while it delivers leaves its claim behind; when that is over another delivers, so a receiver may be told twice, with the same event id, but never not at all.
/// </remarks>
public sealed class WebhookWorker : IAsyncDisposable
{
    private const int AtOnce = 8;

    /// <summary>For how long a delivery is claimed: longer than it can take.</summary>
    private static readonly TimeSpan Claim = TimeSpan.FromMinutes(1);

    /// <summary>How often other processes' deliveries are looked for, and those of a process that ended.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan GivenUp = TimeSpan.FromDays(1);
    private static readonly TimeSpan Shown = TimeSpan.FromDays(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(4);

    private readonly IDatabase database;
    private readonly WebhookSender sender;
    private readonly TimeSpan firstPause;
    private readonly CancellationTokenSource stopping = new();
    private readonly SemaphoreSlim wake = new(0, 1);
    private readonly SemaphoreSlim places = new(AtOnce, AtOnce);
    private Task running = Task.CompletedTask;

    /// <param name="firstPause">Before the second attempt; each further pause is three times as long.</param>
    public WebhookWorker(IDatabase database, bool privateAllowed, TimeSpan? firstPause = null)
    {
        this.database = database;
        this.firstPause = firstPause ?? TimeSpan.FromSeconds(10);
        sender = new WebhookSender(privateAllowed);
    }

    public void Start() => running = Task.Run(Run);

    /// <summary>Something may be due now.</summary>
    public void Wake()
    {
        try
        {
            if (wake.CurrentCount == 0)
                wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else did it this moment.
        }
    }

    /// <summary>Ends without waiting for receivers: a delivery that is cut off is made again by whoever comes next.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        for (var i = 0; i < AtOnce; i++)
            await places.WaitAsync();
        sender.Dispose();
        stopping.Dispose();
    }

    /// <summary>The pause after the attempt of that number, the first being 1.</summary>
    internal TimeSpan Pause(long attempts) => firstPause * Math.Min(Math.Pow(3, attempts - 1), LongestPause / firstPause);

    private async Task Run()
    {
        var cleaned = DateTime.MinValue;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (DateTime.UtcNow - cleaned > TimeSpan.FromHours(1))
                {
                    cleaned = DateTime.UtcNow;
                    await database.Write(session => session.Execute("DELETE FROM delivery WHERE next IS NULL AND created < $1", (cleaned - Shown).Ticks), stopping.Token);
                }

                if (!await Round())
                    await wake.WaitAsync(await Wait(), stopping.Token);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
            }
            catch (Exception e)
            {
                // The database may be away for a while; what is due waits in it.
                Log.Error($"web hooks: {e.Message}");
                await Task.Delay(firstPause < Interval ? firstPause : Interval, stopping.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
            }
        }
    }

    /// <summary>Begins what is due; false when there was nothing.</summary>
    private async ValueTask<bool> Round()
    {
        var due = await database.Read(session => session.Query("""
            SELECT d.id, d.event, d.body, d.attempts, d.created, d.next, w.url, w.secret FROM delivery d JOIN webhook w ON w.id = d.webhook
            WHERE d.next <= $1 AND w.active = 1 ORDER BY d.next, d.id LIMIT $2
            """, row => new PendingDelivery(row.Number(0), row.Text(1), row.Text(2), row.Number(3), row.Time(4), row.Number(5), new Uri(row.Text(6)), row.Text(7)),
            DateTime.UtcNow.Ticks, (long)AtOnce), stopping.Token);
        foreach (var delivery in due)
        {
            await places.WaitAsync(stopping.Token);
            if (await Take(delivery))
                _ = Deliver(delivery);
            else
                places.Release();
        }

        return due.Count > 0;
    }

    private async ValueTask<bool> Take(PendingDelivery delivery)
    {
        try
        {
            return await database.Write(session => session.Execute("UPDATE delivery SET next = $3, attempts = attempts + 1 WHERE id = $1 AND next = $2",
                delivery.Id, delivery.Next, (DateTime.UtcNow + Claim).Ticks), stopping.Token) > 0;
        }
        catch
        {
            places.Release();
            throw;
        }
    }

    private async ValueTask<TimeSpan> Wait()
    {
        var next = await database.Read(session => session.Number("SELECT MIN(d.next) FROM delivery d JOIN webhook w ON w.id = d.webhook WHERE d.next IS NOT NULL AND w.active = 1"), stopping.Token);
        var wait = next is { } ticks ? new DateTime(ticks, DateTimeKind.Utc) - DateTime.UtcNow : Interval;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait > Interval ? Interval : wait;
    }

    private async Task Deliver(PendingDelivery delivery)
    {
        try
        {
            int? status = null;
            string? failure = null;
            try
            {
                status = await sender.Send(delivery, stopping.Token);
                if (status is < 200 or > 299)
                    failure = status is >= 300 and < 400 ? $"{status}: redirects are not followed" : $"answered with {status}";
            }
            catch (NaruException e)
            {
                failure = e.Message;
            }

            await Note(delivery, status, failure);
        }
        catch (OperationCanceledException)
        {
        }
        catch (Exception e)
        {
            Log.Error($"web hook delivery {delivery.Id}: {e.Message}");
        }
        finally
        {
            places.Release();
        }
    }

    private async ValueTask Note(PendingDelivery delivery, int? status, string? failure)
    {
        var next = DateTime.UtcNow + Pause(delivery.Attempts + 1);
        var again = failure is not null && next < delivery.Created + GivenUp;
        if (failure is not null)
            Log.Debug($"web hook delivery {delivery.Id} to {delivery.Url.Authority}: {failure}{(again ? "" : ": given up")}");
        await database.Write(session => session.Execute("UPDATE delivery SET next = $2, status = $3, failure = $4 WHERE id = $1",
            delivery.Id, again ? next.Ticks : null, (long?)status, failure), CancellationToken.None);
    }
}
