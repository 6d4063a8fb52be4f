using Naru.Base;

namespace Naru.Hub.Gc;

/// <summary>Collects from time to time, until disposed: whichever of the processes finds first that it is time again.</summary>
public sealed class GarbageSchedule : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(5);
    private readonly CancellationTokenSource stopping = new();
    private readonly Task running;

    /// <param name="interval">From the end of one collection to the start of the next.</param>
    public GarbageSchedule(GarbageCollector collector, GarbageOptions options, TimeSpan interval) =>
        running = Run(collector, options, interval);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        stopping.Dispose();
    }

    private async Task Run(GarbageCollector collector, GarbageOptions options, TimeSpan interval)
    {
        try
        {
            while (true)
            {
                // Not at once: a hub that was just started has better things to do.
                await Task.Delay(interval < LookEvery ? interval : LookEvery, stopping.Token);
                await Once(collector, options, interval);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task Once(GarbageCollector collector, GarbageOptions options, TimeSpan interval)
    {
        try
        {
            if (await collector.Progress(stopping.Token) is { } last && (last.Running || DateTime.UtcNow - last.At < interval))
                return;
            var report = await collector.Collect(options, stopping.Token);
            Log.Info($"garbage collected: {report.Summary()}");
        }
        catch (NaruException e) when (e.Kind == ErrorKind.Conflict)
        {
            // Another process does it.
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Log.Error($"collect garbage: {e.Message}");
        }
    }
}
