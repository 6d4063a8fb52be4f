namespace Naru.Hub.Mirrors;

/// <summary>Work that several ask for at the same time, done once. It ends even when nobody waits any more.</summary>
internal sealed class Flights<T>
    where T : class
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Task<T>> under = new(StringComparer.Ordinal);

    /// <summary>The work under that key, begun by <paramref name="start"/> when there is none.</summary>
    public Task<T> Join(string key, Func<Task<T>> start)
    {
        TaskCompletionSource<T> mine;
        lock (gate)
        {
            if (under.TryGetValue(key, out var other))
                return other;
            mine = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
            under[key] = mine.Task;
        }

        _ = Run(key, start, mine);
        return mine.Task;
    }

    private async Task Run(string key, Func<Task<T>> start, TaskCompletionSource<T> mine)
    {
        try
        {
            var result = await start();
            Land(key);
            mine.SetResult(result);
        }
        catch (Exception e)
        {
            Land(key);
            mine.SetException(e);

            // Whoever asked may be gone; then nobody looks at it.
            _ = mine.Task.Exception;
        }
    }

    private void Land(string key)
    {
        lock (gate)
            under.Remove(key);
    }
}
