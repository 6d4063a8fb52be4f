namespace Naru.Runtime.Seccomp;

/// <summary>All numbers of an architecture as runs of neighbours with the same answer, in order.</summary>
/// <param name="usual">The answer to calls that nobody names.</param>
internal sealed class SeccompRuns(uint usual)
{
    private readonly List<uint> starts = [0];
    private readonly List<SeccompCall?> calls = [null];
    private readonly List<uint> answers = [usual];

    /// <summary>Adds a call; each above the last.</summary>
    public void Add(uint number, SeccompCall call)
    {
        Begin(number, call.Choices.Count > 0 ? call : null, call.Action ?? usual);
        Begin(number + 1, null, usual);
    }

    /// <summary>The answer to all from a number on.</summary>
    public void Rest(uint first, uint answer) => Begin(first, null, answer);

    public BpfCode Emit(SeccompArchitecture architecture) => Emit(architecture, 0, starts.Count);

    private void Begin(uint start, SeccompCall? call, uint answer)
    {
        // What would have begun here begins nowhere.
        if (starts[^1] == start)
        {
            starts.RemoveAt(starts.Count - 1);
            calls.RemoveAt(calls.Count - 1);
            answers.RemoveAt(answers.Count - 1);
        }

        if (starts.Count > 0 && call is null && calls[^1] is null && answers[^1] == answer)
            return;
        starts.Add(start);
        calls.Add(call);
        answers.Add(answer);
    }

    private BpfCode Emit(SeccompArchitecture architecture, int first, int end)
    {
        var code = new BpfCode();
        if (end - first > 1)
        {
            var middle = (first + end) / 2;
            code.SkipAtLeast(starts[middle] | architecture.Bit, Emit(architecture, first, middle));
            code.Append(Emit(architecture, middle, end));
        }
        else if (calls[first] is { } call)
        {
            call.Emit(code, architecture.Wide, usual);
        }
        else
        {
            code.Return(answers[first]);
        }

        return code;
    }
}
