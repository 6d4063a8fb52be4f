namespace Naru.Conformance.Tests.Requirements;

/// <summary>What Debian's docker-registry (Docker's 2.8) is known not to do. naru-hub has no such list.</summary>
internal static class KnownFailures
{
    private static readonly Dictionary<string, string> s_reasons = new()
    {
    };

    /// <param name="suite">The suite's class without its registry: <c>ReferrersTests</c>.</param>
    /// <returns>Why the requirement is not met; null: it is.</returns>
    public static string? Reason(string suite, string method) => s_reasons.GetValueOrDefault($"{suite}.{method}");
}
