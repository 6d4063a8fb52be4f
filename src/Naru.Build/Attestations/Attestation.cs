namespace Naru.Build.Attestations;

/// <summary>One thing that is said of a result.</summary>
/// <param name="PredicateType">A URL that says what kind of thing.</param>
/// <param name="Predicate">The thing, as JSON.</param>
/// <param name="FileName">Of the statement, beside exported files.</param>
internal sealed record Attestation(string PredicateType, byte[] Predicate, string FileName)
{
    public const string Spdx = "https://spdx.dev/Document";

    /// <summary>What it is said of where that is not the whole result; empty: the result.</summary>
    public IReadOnlyList<Subject> Subjects { get; init; } = [];
}
