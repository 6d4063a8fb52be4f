namespace Naru.Runtime.Seccomp;

/// <summary>Looks up <see cref="SystemCallTable"/>.</summary>
internal static class SystemCalls
{
    /// <summary>The call's numbers, one an architecture; empty for a name that nobody has heard of.</summary>
    public static ReadOnlySpan<short> NumbersOf(string name)
    {
        var (first, end) = (0, SystemCallTable.Ends.Length);
        while (first < end)
        {
            var middle = (first + end) / 2;
            var order = Compare(name, middle);
            if (order == 0)
                return SystemCallTable.Numbers.Slice(middle * SystemCallTable.Columns, SystemCallTable.Columns);
            (first, end) = order < 0 ? (first, middle) : (middle + 1, end);
        }

        return [];
    }

    private static int Compare(string name, int index)
    {
        var start = index == 0 ? 0 : SystemCallTable.Ends[index - 1];
        var other = SystemCallTable.Names[start..SystemCallTable.Ends[index]];
        for (var at = 0; at < name.Length && at < other.Length; at++)
        {
            if (name[at] != other[at])
                return name[at] - other[at];
        }

        return name.Length - other.Length;
    }
}
