using Naru.Build.Dockerfile;
using Naru.Build.Dockerfile.Instructions;
using Naru.Build.Dockerfile.Linting;
using Naru.Build.Graph;
using Naru.Oci;

namespace Naru.Build.Planning;

/// <summary>What every instruction's planning needs, besides its stage.</summary>
internal sealed record PlanScope(
    SourceFile File, PlanOptions Options, Linter Linter, WordExpander Expander, Variables Globals, ContextFiles Context, StepNames Names, Platform Target)
{
    /// <summary>A word with the stage's variables; those that nobody set are reported.</summary>
    public string Expand(StagePlan stage, Instruction instruction, string word)
    {
        if (!word.AsSpan().ContainsAny("$'\"\\`"))
            return word;
        var expansion = Expander.Expand(word, stage.Environment.Values);
        ReportUnset(stage, instruction, expansion);
        return expansion.Result;
    }

    public void ReportUnset(StagePlan stage, Instruction instruction, Expansion expansion)
    {
        foreach (var name in expansion.Unset)
        {
            if (!IsDeclared(stage, name) && name is not ("BUILDKIT_SBOM_SCAN_CONTEXT" or "BUILDKIT_SBOM_SCAN_STAGE"))
                Linter.UndefinedVar(name, Suggestion.For(name, stage.Environment.Names), instruction.Lines);
        }
    }

    public SourceLines Lines(Instruction instruction) => new(File.Name, instruction.Lines.Start, instruction.Lines.End);

    /// <summary>A path as WORKDIR and COPY mean it: relative to the working folder. A slash at the end stays.</summary>
    public static string PathFrom(StagePlan stage, string path)
    {
        var folder = stage.Image.Config.WorkingDir is { Length: > 0 } its ? its : "/";
        var clean = Base.Paths.SlashPath.Combine("/", Base.Paths.SlashPath.Combine(folder, path));
        var isFolder = path is "" or "." || path.EndsWith('/') || path.EndsWith("/.", StringComparison.Ordinal);
        return isFolder && clean != "/" ? clean + "/" : clean;
    }

    private static bool IsDeclared(StagePlan stage, string name)
    {
        foreach (var argument in stage.Arguments)
        {
            if (argument.Key == name)
                return true;
        }

        return false;
    }
}
