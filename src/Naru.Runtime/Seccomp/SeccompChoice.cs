namespace Naru.Runtime.Seccomp;

/// <summary>An action for a call whose arguments pass all comparisons.</summary>
internal sealed record SeccompChoice(uint Action, List<SeccompComparison> Comparisons)
{
    /// <summary>Returns the action, or goes on behind itself.</summary>
    public void Emit(BpfCode code, bool wide)
    {
        var rest = 1;
        foreach (var comparison in Comparisons)
            rest += comparison.Length(wide);
        foreach (var comparison in Comparisons)
        {
            rest -= comparison.Length(wide);
            comparison.Emit(code, wide, rest);
        }

        code.Return(Action);
    }
}
