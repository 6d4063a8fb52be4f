namespace Naru.Cli.Build.Progress;

/// <summary>Several vertices that are shown as one step: cached when all are, running while one is.</summary>
internal sealed class StepGroup(Step step)
{
    private readonly Dictionary<string, Member> members = new(StringComparer.Ordinal);

    private sealed record Member(long Started, long Completed, bool Cached, string Error);

    public Step Step => step;

    /// <summary>Takes one member's state; true when the step looks different now.</summary>
    public bool Update(string digest, long started, long completed, bool cached, string error)
    {
        members[digest] = new Member(started, completed, cached, error);
        long first = 0, last = 0;
        bool running = false, all = true;
        var failure = "";
        foreach (var member in members.Values)
        {
            all &= member.Cached;
            if (failure.Length == 0)
                failure = member.Error;
            if (member.Started == 0)
                continue;
            first = first == 0 ? member.Started : Math.Min(first, member.Started);
            last = Math.Max(last, member.Completed);
            running |= member.Completed == 0;
        }

        var end = running ? 0 : last;
        if (step.Started == first && step.Completed == end && step.Cached == all && step.Error == failure)
            return false;
        (step.Started, step.Completed, step.Cached, step.Error) = (first, end, all, failure);
        if (end != 0)
            step.EndOutput();
        return first != 0;
    }
}
