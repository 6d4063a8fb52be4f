using Naru.Build.Cache;
using Naru.Oci;

namespace Naru.Build.Solver;

/// <summary>Steps that run now, by their keys: builds that need the same result at once make it once, and each hears what it says.</summary>
internal sealed class RunningSteps
{
    private readonly Lock gate = new();
    private readonly Dictionary<Digest, Running> running = [];

    /// <summary>Waits for a result that is being made, or makes it.</summary>
    /// <param name="output">Told what the step's program writes, from its beginning.</param>
    /// <param name="make">Called for the first that asks. Cancelled when the last that waits has gone.</param>
    public async Task<CacheRecord> Join(Digest key, Action<int, byte[]> output, Func<Action<int, byte[]>, CancellationToken, Task<CacheRecord>> make, CancellationToken cancel)
    {
        Running step;
        lock (gate)
        {
            if (!running.TryGetValue(key, out step!) || !step.TryEnter(output))
            {
                running[key] = step = new Running();
                step.TryEnter(output);
                var begun = step;
                step.Result = Task.Run(() => Make(key, begun, make), CancellationToken.None);
            }
        }

        try
        {
            return await step.Result!.WaitAsync(cancel);
        }
        finally
        {
            await step.Leave(output);
        }
    }

    private async Task<CacheRecord> Make(Digest key, Running step, Func<Action<int, byte[]>, CancellationToken, Task<CacheRecord>> make)
    {
        try
        {
            return await make(step.Say, step.Stopping.Token);
        }
        finally
        {
            lock (gate)
            {
                if (running.TryGetValue(key, out var current) && ReferenceEquals(current, step))
                    running.Remove(key);
            }
        }
    }

    private sealed class Running
    {
        private readonly Lock gate = new();
        private readonly List<Action<int, byte[]>> listeners = [];
        private readonly List<(int Stream, byte[] Data)> said = [];

        public CancellationTokenSource Stopping { get; } = new();

        public Task<CacheRecord>? Result { get; set; }

        /// <returns>False: it is being stopped, and nobody may wait for it any more.</returns>
        public bool TryEnter(Action<int, byte[]> listener)
        {
            lock (gate)
            {
                if (Stopping.IsCancellationRequested)
                    return false;
                foreach (var (stream, data) in said)
                    listener(stream, data);
                listeners.Add(listener);
                return true;
            }
        }

        public void Say(int stream, byte[] data)
        {
            lock (gate)
            {
                said.Add((stream, data));
                foreach (var listener in listeners)
                    listener(stream, data);
            }
        }

        /// <summary>The last to leave before the end stops the work, and waits until nothing of it is left.</summary>
        public async Task Leave(Action<int, byte[]> listener)
        {
            lock (gate)
            {
                listeners.Remove(listener);
                if (listeners.Count > 0 || Result!.IsCompleted)
                    return;
                Stopping.Cancel();
            }

            await Result.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }
}
