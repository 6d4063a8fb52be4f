using Naru.Build.Dockerfile.Linting;

namespace Naru.Build.Dockerfile;

/// <summary>The linter's rules that look at a Dockerfile as a whole.</summary>
internal static class DocumentRules
{
    public static void Check(IReadOnlyList<DockerfileStage> stages, Linter linter)
    {
        CheckStageNames(stages, linter);
        CheckCasing(stages, linter);
    }

    private static void CheckStageNames(IReadOnlyList<DockerfileStage> stages, Linter linter)
    {
        var names = new HashSet<string>();
        foreach (var stage in stages)
        {
            if (stage.Name.Length == 0)
                continue;
            if (stage.Name is "context" or "scratch")
                linter.ReservedStageName(stage.Name, stage.From.Lines);
            if (!names.Add(stage.Name))
                linter.DuplicateStageName(stage.Name, stage.From.Lines);
        }
    }

    private static void CheckCasing(IReadOnlyList<DockerfileStage> stages, Linter linter)
    {
        var (lower, upper) = (0, 0);
        foreach (var stage in stages)
        {
            Count(stage.From.Word);
            foreach (var instruction in stage.Instructions)
                Count(instruction.Word);
        }

        var mostAreLower = lower > upper;
        foreach (var stage in stages)
        {
            CheckWord(stage.From.Word, stage.From.Lines);
            foreach (var instruction in stage.Instructions)
                CheckWord(instruction.Word, instruction.Lines);
        }

        void Count(string word)
        {
            if (word == word.ToLowerInvariant())
                lower++;
            else if (word == word.ToUpperInvariant())
                upper++;
        }

        void CheckWord(string word, LineRange lines)
        {
            if (word != (mostAreLower ? word.ToLowerInvariant() : word.ToUpperInvariant()))
                linter.ConsistentInstructionCasing(word, mostAreLower, lines);
        }
    }
}
