namespace Naru.Build.Dockerfile.Linting;

/// <summary>A breach of a rule.</summary>
/// <param name="Detail">One sentence, of this breach.</param>
public sealed record LintWarning(LintRule Rule, string Detail, LineRange Lines);
