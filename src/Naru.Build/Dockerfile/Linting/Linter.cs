using Naru.Base;

namespace Naru.Build.Dockerfile.Linting;

/// <summary>Collects breaches while a Dockerfile is read and planned; kept by the caller, so that they are known even where reading fails.</summary>
public sealed class Linter(LintOptions options)
{
    // Images are looked up at the same time, and reported on.
    private readonly Lock gate = new();
    private readonly List<LintWarning> warnings = [];

    // Nobody reads more, and someone could ask for millions.
    private const int Most = 1000;

    /// <summary>In the order they were noticed; <see cref="Sorted"/> has that of the file.</summary>
    public IReadOnlyList<LintWarning> Warnings => warnings;

    public void Report(LintRule rule, LineRange lines, string detail)
    {
        if (!options.LooksAt(rule))
            return;
        lock (gate)
        {
            if (warnings.Count < Most)
                warnings.Add(new LintWarning(rule, detail, lines));
        }
    }

    /// <summary>By line; those of one line in the order they were noticed.</summary>
    public static List<LintWarning> Sorted(IReadOnlyList<LintWarning> warnings)
    {
        var sorted = new List<LintWarning>();
        foreach (var warning in warnings)
        {
            var place = sorted.Count;
            while (place > 0 && sorted[place - 1].Lines.Start > warning.Lines.Start)
                place--;
            sorted.Insert(place, warning);
        }

        return sorted;
    }

    /// <exception cref="NaruException">InvalidArgument: there are breaches, and the options make them errors.</exception>
    public void ThrowIfErrors()
    {
        if (!options.Error || warnings.Count == 0)
            return;
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var warning in warnings)
            names.Add(warning.Rule.Name);
        throw NaruException.Invalid("lint violation found for rules: " + string.Join(", ", names));
    }

    // ---- One method a rule: what it says is in one place. ----

    internal void StageNameCasing(string name, LineRange lines) =>
        Report(LintRule.StageNameCasing, lines, $"Stage name '{name}' should be lowercase");

    internal void FromAsCasing(string from, string as_, LineRange lines) =>
        Report(LintRule.FromAsCasing, lines, $"'{as_}' and '{from}' keywords' casing do not match");

    internal void NoEmptyContinuation(LineRange lines) => Report(LintRule.NoEmptyContinuation, lines, "Empty continuation line");

    internal void ConsistentInstructionCasing(string word, bool lower, LineRange lines) => Report(LintRule.ConsistentInstructionCasing, lines,
        $"Command '{word}' should match the case of the command majority ({(lower ? "lowercase" : "uppercase")})");

    internal void DuplicateStageName(string name, LineRange lines) =>
        Report(LintRule.DuplicateStageName, lines, $"Duplicate stage name {GoText.Quote(name)}, stage names should be unique");

    internal void ReservedStageName(string name, LineRange lines) =>
        Report(LintRule.ReservedStageName, lines, $"Stage name should not use the same name as reserved stage {GoText.Quote(name)}");

    internal void JsonArgsRecommended(string word, LineRange lines) => Report(LintRule.JsonArgsRecommended, lines,
        $"JSON arguments recommended for {word} to prevent unintended behavior related to OS signals");

    internal void MaintainerDeprecated(LineRange lines) =>
        Report(LintRule.MaintainerDeprecated, lines, "Maintainer instruction is deprecated in favor of using label");

    internal void UndefinedArgInFrom(string name, string? near, LineRange lines) =>
        Report(LintRule.UndefinedArgInFrom, lines, $"FROM argument '{name}' is not declared" + (near is null ? "" : $" (did you mean {near}?)"));

    internal void UndefinedVar(string name, string? near, LineRange lines) =>
        Report(LintRule.UndefinedVar, lines, $"Usage of undefined variable '${name}'" + (near is null ? "" : $" (did you mean ${near}?)"));

    internal void WorkdirRelativePath(string path, LineRange lines) => Report(LintRule.WorkdirRelativePath, lines,
        $"Relative workdir {GoText.Quote(path)} can have unexpected results if the base image changes");

    internal void MultipleInstructionsDisallowed(string word, LineRange lines) => Report(LintRule.MultipleInstructionsDisallowed, lines,
        $"Multiple {word} instructions should not be used in the same stage because only the last one will be used");

    internal void LegacyKeyValueFormat(string word, LineRange lines) => Report(LintRule.LegacyKeyValueFormat, lines,
        $"\"{word} key=value\" should be used instead of legacy \"{word} key value\" format");

    internal void RedundantTargetPlatform(string platform, LineRange lines) => Report(LintRule.RedundantTargetPlatform, lines,
        $"Setting platform to predefined {platform} in FROM is redundant as this is the default behavior");

    internal void SecretsUsedInArgOrEnv(string word, string name, LineRange lines) => Report(LintRule.SecretsUsedInArgOrEnv, lines,
        $"Do not use ARG or ENV instructions for sensitive data ({word} {GoText.Quote(name)})");

    internal void InvalidDefaultArgInFrom(string image, LineRange lines) =>
        Report(LintRule.InvalidDefaultArgInFrom, lines, $"Default value for ARG {image} results in empty or invalid base image name");

    internal void FromPlatformFlagConstDisallowed(string platform, LineRange lines) => Report(LintRule.FromPlatformFlagConstDisallowed, lines,
        $"FROM --platform flag should not use constant value {GoText.Quote(platform)}");

    internal void CopyIgnoredFile(string word, string path, LineRange lines) =>
        Report(LintRule.CopyIgnoredFile, lines, $"Attempting to {word} file {GoText.Quote(path)} that is excluded by .dockerignore");

    internal void InvalidDefinitionDescription(string word, string name, LineRange lines) =>
        Report(LintRule.InvalidDefinitionDescription, lines, $"Comment for {word} should follow the format: `# {name} <description>`");

    internal void ExposeProtoCasing(string port, LineRange lines) =>
        Report(LintRule.ExposeProtoCasing, lines, $"Defined protocol '{port}' in EXPOSE instruction should be lowercase");

    internal void ExposeInvalidFormat(string port, LineRange lines) => Report(LintRule.ExposeInvalidFormat, lines,
        $"EXPOSE instruction should not define an IP address or host-port mapping, found '{port}'");

    internal void InvalidBaseImagePlatform(string image, string expected, string actual, LineRange lines) => Report(LintRule.InvalidBaseImagePlatform, lines,
        $"Base image {image} was pulled with platform {GoText.Quote(actual)}, expected {GoText.Quote(expected)} for current build");
}
