using System.Globalization;
using Naru.Base;
using Naru.Build.Dockerfile;
using Naru.Build.Dockerfile.Instructions;

namespace Naru.Build.Planning;

/// <summary>The stages of a Dockerfile, then the images that its instructions name, and who uses whom.</summary>
internal sealed class StageTable
{
    private readonly List<StagePlan> stages = [];
    private readonly Dictionary<string, StagePlan> byName = [];

    public IReadOnlyList<StagePlan> Stages => stages;

    /// <summary>Labels of all that have one.</summary>
    public List<string> Names
    {
        get
        {
            var names = new List<string>();
            foreach (var stage in stages)
            {
                if (stage.Label.Length > 0)
                    names.Add(stage.Label);
            }

            return names;
        }
    }

    public void Add(StagePlan stage)
    {
        stages.Add(stage);
        if (stage.ReplacedBy is null && byName.TryGetValue(stage.BaseName, out var below))
        {
            stage.Base = below;
            stage.Outline = below.Outline.Clone();
        }

        if (stage.Name.Length > 0)
            byName[stage.Name] = stage;
    }

    public StagePlan? Find(string name) => byName.GetValueOrDefault(name.ToLowerInvariant());

    /// <exception cref="NaruException">There is no such stage.</exception>
    public StagePlan Target(string name)
    {
        if (name.Length == 0)
            return stages[^1];
        if (Find(name) is { } found)
            return found;
        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < stages.Count)
            return stages[number];
        throw NaruException.Invalid(Suggestion.Append($"target stage {GoText.Quote(name)} could not be found", name, Names));
    }

    /// <summary>Finds the stages that an instruction names; an unknown name is an image.</summary>
    /// <exception cref="NaruException">A number that no stage has; a variable where none may be.</exception>
    public PlannedInstruction Link(StagePlan stage, Instruction instruction)
    {
        var sources = new List<StagePlan>();
        switch (instruction)
        {
            case CopyInstruction { From.Length: > 0 } copy:
                if (new WordExpander('\\').Expand(copy.From, new Dictionary<string, string>()).Result != copy.From)
                    throw NaruException.Invalid("variable expansion is not supported for --from, define a new stage with FROM using ARG from global scope as a workaround");
                sources.Add(int.TryParse(copy.From, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                    ? number >= 0 && number < stages.Count ? stages[number] : throw NaruException.Invalid($"invalid stage index {number}")
                    : FindOrImage(copy.From, copy));
                break;
            case RunInstruction run:
                foreach (var mount in run.Mounts)
                    sources.Add(FindOrImage(RunMountOptions.FromOf(mount), run));
                break;
        }

        foreach (var source in sources)
            stage.Uses.TryAdd(source, instruction);

        return new PlannedInstruction(instruction, sources);
    }

    /// <exception cref="DockerfileException">Stages wait for each other.</exception>
    public void CheckCycles(SourceFile file)
    {
        var (done, path) = (new HashSet<StagePlan>(), new HashSet<StagePlan>());
        foreach (var stage in stages)
        {
            if (Visit(stage, done, path) is { } ranges)
                throw new DockerfileException($"circular dependency detected on stage: {stage.Label}", file, ranges);
        }
    }

    /// <summary>A stage and all that its result is made of.</summary>
    public static HashSet<StagePlan> Reachable(StagePlan from)
    {
        var reached = new HashSet<StagePlan>();
        var open = new Stack<StagePlan>([from]);
        while (open.TryPop(out var stage))
        {
            if (!reached.Add(stage))
                continue;
            if (stage.Base is not null)
                open.Push(stage.Base);
            foreach (var used in stage.Uses.Keys)
                open.Push(used);
        }

        return reached;
    }

    private StagePlan FindOrImage(string name, Instruction instruction)
    {
        if (Find(name) is { } found)
            return found;
        var image = new StagePlan { Lines = instruction.Lines, BaseName = name, IsImageOnly = true };
        stages.Add(image);
        return image;
    }

    /// <returns>The instructions of a cycle, the last first; null: none begins here.</returns>
    private static List<LineRange>? Visit(StagePlan stage, HashSet<StagePlan> done, HashSet<StagePlan> path)
    {
        if (!done.Add(stage))
            return null;
        path.Add(stage);
        foreach (var (used, instruction) in stage.Uses)
        {
            if (path.Contains(used))
                return [instruction.Lines];
            if (Visit(used, done, path) is { } ranges)
                return [.. ranges, instruction.Lines];
        }

        path.Remove(stage);
        return null;
    }
}
