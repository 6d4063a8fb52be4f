namespace Naru.Runtime.Seccomp;

/// <summary>What becomes of one system call.</summary>
internal sealed class SeccompCall
{
    /// <summary>Whatever its arguments are; null where only rules with comparisons name it.</summary>
    public uint? Action { get; private set; }

    public List<SeccompChoice> Choices { get; } = [];

    /// <summary>Adds a rule. One without comparisons decides alone, whatever was said before or comes later; else the first that holds.</summary>
    public void Add(uint action, List<SeccompComparison> comparisons)
    {
        if (Action is not null)
            return;
        if (comparisons.Count > 0)
        {
            Choices.Add(new SeccompChoice(action, comparisons));
            return;
        }

        Action = action;
        Choices.Clear();
    }

    /// <summary>The choices as code that ends in a return on every way.</summary>
    /// <param name="otherwise">Where no choice holds.</param>
    public void Emit(BpfCode code, bool wide, uint otherwise)
    {
        foreach (var choice in Choices)
            choice.Emit(code, wide);
        code.Return(otherwise);
    }
}
