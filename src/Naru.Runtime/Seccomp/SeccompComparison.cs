namespace Naru.Runtime.Seccomp;

/// <summary>A comparison of one argument of a system call with a number.</summary>
/// <param name="Argument">0 to 5.</param>
/// <param name="Value">What it is compared with; the mask of <see cref="SeccompOperator.MaskedEqual"/>.</param>
/// <param name="Masked">What the masked argument must be.</param>
internal sealed record SeccompComparison(uint Argument, SeccompOperator Operator, ulong Value, ulong Masked)
{
    /// <summary>Goes on behind itself where it holds, and otherwise leaves out <paramref name="rest"/> instructions that follow it.</summary>
    public void Emit(BpfCode code, bool wide, int rest)
    {
        // struct seccomp_data { int nr; u32 arch; u64 instruction_pointer; u64 args[6]; }: the low half of each comes first
        var (low, high) = (16 + 8 * Argument, 20 + 8 * Argument);
        var (mask, value) = Operator == SeccompOperator.MaskedEqual ? (Value, Masked & Value) : (ulong.MaxValue, Value);
        if (wide && mask >> 32 != 0)
            High(code, high, (uint)(mask >> 32), (uint)(value >> 32), rest);
        code.LoadWord(low);
        switch (Operator)
        {
            case SeccompOperator.NotEqual:
                code.Equal((uint)value, rest, 0);
                break;
            case SeccompOperator.Less:
                code.AtLeast((uint)value, rest, 0);
                break;
            case SeccompOperator.AtMost:
                code.Greater((uint)value, rest, 0);
                break;
            case SeccompOperator.AtLeast:
                code.AtLeast((uint)value, 0, rest);
                break;
            case SeccompOperator.Greater:
                code.Greater((uint)value, 0, rest);
                break;
            case SeccompOperator.Equal:
                code.Equal((uint)value, 0, rest);
                break;
            default:
                if ((uint)mask != uint.MaxValue)
                    code.Mask((uint)mask);
                code.Equal((uint)value, 0, rest);
                break;
        }
    }

    /// <summary>How many instructions <see cref="Emit"/> adds.</summary>
    public int Length(bool wide)
    {
        var code = new BpfCode();
        Emit(code, wide, 0);
        return code.Length;
    }

    /// <summary>The high halves decide, unless they are equal.</summary>
    private void High(BpfCode code, uint high, uint mask, uint value, int rest)
    {
        // Behind the comparison: the low half takes two instructions.
        const int held = 2;
        var failed = held + rest;
        code.LoadWord(high);
        switch (Operator)
        {
            case SeccompOperator.NotEqual:
                code.Equal(value, 0, held);
                break;
            case SeccompOperator.Less or SeccompOperator.AtMost:
                code.Greater(value, failed + 1, 0);
                code.Equal(value, 0, held);
                break;
            case SeccompOperator.AtLeast or SeccompOperator.Greater:
                code.Greater(value, held + 1, 0);
                code.Equal(value, 0, failed);
                break;
            case SeccompOperator.Equal:
                code.Equal(value, 0, failed);
                break;
            default:
                if (mask != uint.MaxValue)
                    code.Mask(mask);
                code.Equal(value, 0, failed + ((uint)Value == uint.MaxValue ? 0 : 1));
                break;
        }
    }
}
