namespace Naru.Containerd;

/// <summary>What transfers are doing right now that others may want too: a blob's download, a layer's unpacking. Done once, whoever asks.</summary>
/// <remarks>One a daemon. Who began something ends it, whatever happens; nobody waits while holding something that the other may need.</remarks>
public sealed class TransfersUnderWay
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, TaskCompletionSource<bool>> open = [];

    /// <summary>True when it is the caller's to do now, until <see cref="End"/>; else <paramref name="other"/> ends with the one who does it: true when it is done.</summary>
    public bool TryBegin(string what, out Task<bool> other)
    {
        lock (gate)
        {
            if (open.TryGetValue(what, out var there))
            {
                other = there.Task;
                return false;
            }

            var mine = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            open[what] = mine;
            other = mine.Task;
            return true;
        }
    }

    /// <param name="done">False when it was given up.</param>
    public void End(string what, bool done)
    {
        TaskCompletionSource<bool>? mine;
        lock (gate)
            open.Remove(what, out mine);
        mine?.SetResult(done);
    }
}
