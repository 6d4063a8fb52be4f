namespace Naru.Containerd;

/// <summary>One condition of a filter.</summary>
internal sealed record FilterSelector(IReadOnlyList<string> Path, FilterOperator Operator, string Value);

/// <summary>How a selector compares.</summary>
internal enum FilterOperator
{
    Present,
    Equal,
    NotEqual,
    Matches,
}
