using System.Text.RegularExpressions;

namespace Naru.Containerd;

/// <summary>containerd's filters: a list of filters any of which must match; each a comma-joined list of selectors all of which must.</summary>
/// <remarks>
/// <code>
/// filter    := selector ( ',' selector )*
/// selector  := fieldpath ( ( '==' | '!=' | '~=' ) value )?     without an operator: the field is there
/// fieldpath := field ( '.' field )*                            a field or "quoted"
/// value     := word | "quoted", and for ~= also /regexp/ or |regexp|
/// </code>
/// </remarks>
public sealed class Filter
{
    private static readonly TimeSpan MatchLimit = TimeSpan.FromSeconds(1);
    private readonly List<List<FilterSelector>> alternatives;

    private Filter(List<List<FilterSelector>> alternatives) => this.alternatives = alternatives;

    /// <summary>Reads a field by its path: its value, or null when it is not there.</summary>
    public delegate string? Field(IReadOnlyList<string> path);

    /// <exception cref="Base.NaruException">InvalidArgument: a filter does not parse.</exception>
    public static Filter Parse(IEnumerable<string> filters) => new([.. filters.Select(Selectors)]);

    public bool Matches(Field field) => alternatives.Count == 0 || alternatives.Exists(all => all.TrueForAll(selector => Matches(selector, field)));

    /// <summary>The value at labels.KEY for the rest of a path after «labels» (keys have dots).</summary>
    public static string? Label(IReadOnlyDictionary<string, string> labels, IReadOnlyList<string> path) =>
        path.Count > 1 && labels.TryGetValue(string.Join('.', path.Skip(1)), out var value) ? value : null;

    /// <summary>A blank filter has no condition: it matches all.</summary>
    private static List<FilterSelector> Selectors(string filter) => string.IsNullOrWhiteSpace(filter) ? [] : new FilterParser(filter).Parse();

    private static bool Matches(FilterSelector selector, Field field)
    {
        var value = field(selector.Path);
        return selector.Operator switch
        {
            FilterOperator.Present => value is not null,
            FilterOperator.Equal => value is not null && value == selector.Value,
            FilterOperator.NotEqual => value != selector.Value,
            _ => Regex.IsMatch(value ?? string.Empty, selector.Value, RegexOptions.CultureInvariant, MatchLimit),
        };
    }
}
