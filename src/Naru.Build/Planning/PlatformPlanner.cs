using Naru.Base;
using Naru.Build.Dockerfile;
using Naru.Build.Dockerfile.Linting;
using Naru.Build.Graph;
using Naru.Oci;

namespace Naru.Build.Planning;

/// <summary>Plans a Dockerfile for one platform: finds the stages that count, their images, and has their instructions made into steps.</summary>
internal sealed class PlatformPlanner
{
    private readonly IImageResolver images;
    private readonly DockerfileDocument document;
    private readonly PlanOptions options;
    private readonly Platform platform;
    private readonly Linter linter;
    private readonly WordExpander expander;
    private readonly StageTable table = new();
    private readonly Variables globals;
    private readonly StageOutline outline = new();
    private readonly ContextFiles context;
    private readonly StepNames names;

    public PlatformPlanner(IImageResolver images, DockerfileDocument document, PlanOptions options, Platform platform, Linter linter)
    {
        this.images = images;
        this.document = document;
        this.options = options;
        this.platform = platform;
        this.linter = linter;
        expander = new WordExpander(document.Directives.Escape);
        context = new ContextFiles(options);
        names = new StepNames(expander, document.Directives.Escape, options.Platforms.Count > 1);
        var target = options.Target.Length > 0 ? options.Target : document.Stages[^1].Name;
        globals = GlobalScope.Predefined(options, platform, target);
        StageRules.CheckDefaultBases(document, expander, globals.Clone(), linter);
        GlobalScope.Add(globals, document, expander, options.BuildArgs, outline.Known);
    }

    /// <summary>Plans what the target needs.</summary>
    /// <param name="everyStage">Plans the others too, for what the linter has to say of them.</param>
    public async Task<StagePlan> Plan(bool everyStage, CancellationToken cancel)
    {
        for (var number = 0; number < document.Stages.Count; number++)
            AddStage(document.Stages[number], number);
        var target = table.Target(options.Target);
        Link();
        var reachable = await Resolve(target, everyStage, cancel);
        var planner = new InstructionPlanner(document, options, platform, linter, expander, globals, context, names);
        // Images that instructions named came to the table last; they are no stages to walk.
        foreach (var stage in new List<StagePlan>(table.Stages))
        {
            if (!stage.IsPlanned && (everyStage || reachable.Contains(stage)))
                Guarded(stage.Lines, () => planner.Plan(stage));
        }

        context.Close();
        return target;
    }

    /// <summary>What the target makes.</summary>
    public PlannedImage Finish(StagePlan target)
    {
        var draft = target.Image.Clone();
        if (options.Labels.Count > 0)
        {
            var labels = new Dictionary<string, string>();
            foreach (var (name, value) in draft.Config.Labels ?? labels)
                labels[name] = value;
            foreach (var (name, value) in options.Labels)
                labels[name] = value;
            draft.Config = draft.Config with { Labels = labels };
        }

        if (!options.PlatformIsImplied)
            draft.Platform = platform;
        draft.Platform = draft.Platform.Normalise();
        return new PlannedImage { Platform = platform, Result = target.Result, Config = draft.ToConfig(), Base = target.BaseImage, Scans = Scans(target) };
    }

    /// <summary>The stages, besides the target, whose parts are to be listed too.</summary>
    private SortedDictionary<string, Step?> Scans(StagePlan target)
    {
        var scans = new SortedDictionary<string, Step?>(StringComparer.Ordinal);
        foreach (var stage in StageTable.Reachable(target))
        {
            var name = stage.Name.Length > 0 ? stage.Name : stage.Label;
            if (stage != target && IsScanned(stage, "BUILDKIT_SBOM_SCAN_STAGE", name))
                scans[name] = stage.Result;
            if (IsScanned(stage, "BUILDKIT_SBOM_SCAN_CONTEXT", name) && context.IsUsed)
                scans["context"] = context.Step;
        }

        return scans;
    }

    /// <summary>The variable says yes, or names the stage.</summary>
    private static bool IsScanned(StagePlan stage, string variable, string name)
    {
        string? value = null;
        foreach (var argument in stage.Arguments)
        {
            if (argument.Key == variable)
                value = argument.Value;
        }

        if (value is null)
            return false;
        return GoBoolean.TryParse(value, out var flag) ? flag : value.Split(',').Contains(name);
    }

    private void AddStage(DockerfileStage written, int number)
    {
        var from = written.From;
        var word = Expand(from.Base, from.Lines);
        ReportUnset(word.Unset, from.Lines);
        if (word.Result.Length == 0)
            throw Wrong($"base name ({from.Base}) should not be blank", from.Lines);
        var used = new List<string>(word.Used);
        Platform? its = null;
        if (from.Platform.Length > 0)
        {
            var expansion = Expand(from.Platform, from.Lines);
            ReportUnset(expansion.Unset, from.Lines);
            StageRules.CheckPlatform(from, expansion, globals, linter);
            its = ParsePlatform(from.Platform, expansion, from.Lines);
            used.AddRange(expansion.Used);
        }

        var stage = new StagePlan
        {
            Lines = from.Lines,
            BaseName = word.Result,
            Name = written.Name,
            Label = written.Name.Length > 0 ? written.Name : $"stage-{number}",
            Description = from.Description,
            Platform = its,
            Outline = outline.Clone(),
            ReplacedBy = written.Name is "" or "scratch" or "context" ? null : options.NamedContexts.GetValueOrDefault(written.Name),
        };
        table.Add(stage);
        if (stage.ReplacedBy is not null)
            return;
        stage.Outline.Use(used);
        stage.StepCount = word.Result != "scratch" && stage.Base is null ? 1 : 0;
        foreach (var instruction in written.Instructions)
        {
            stage.Instructions.Add(new PlannedInstruction(instruction, []));
            if (InstructionPlanner.MakesStep(instruction))
                stage.StepCount++;
        }

        stage.IgnoreCache = options.NoCache || options.NoCacheStages.Contains(stage.Name, StringComparer.OrdinalIgnoreCase);
    }

    private void Link()
    {
        foreach (var stage in new List<StagePlan>(table.Stages))
        {
            for (var place = 0; place < stage.Instructions.Count; place++)
                stage.Instructions[place] = Linked(stage, place);
        }

        table.CheckCycles(document.File);
        if (table.Stages.Count == 1)
            table.Stages[0].Label = "";
    }

    private PlannedInstruction Linked(StagePlan stage, int place)
    {
        try
        {
            return table.Link(stage, stage.Instructions[place].Instruction);
        }
        catch (NaruException error)
        {
            throw new DockerfileException(error.Message, document.File, [stage.Instructions[place].Instruction.Lines]);
        }
    }

    /// <summary>Finds the images of all stages that count. What ONBUILD of one brings may need more stages: until nothing new comes.</summary>
    private async Task<HashSet<StagePlan>> Resolve(StagePlan target, bool everyStage, CancellationToken cancel)
    {
        var bases = new BaseResolver(images, document, options, platform, table, context, names, linter);
        while (true)
        {
            var reachable = StageTable.Reachable(target);
            var open = new List<Task>();
            foreach (var stage in table.Stages)
            {
                if (stage.Base is null && !stage.IsResolved && (everyStage || reachable.Contains(stage)))
                    open.Add(bases.Resolve(stage, cancel));
            }

            await Task.WhenAll(open);
            var more = false;
            foreach (var stage in new List<StagePlan>(table.Stages))
            {
                if ((everyStage || reachable.Contains(stage)) && !stage.HasTriggers && !stage.IsPlanned && !stage.IsImageOnly)
                    more |= AddTriggers(stage);
            }

            if (!more)
                return reachable;
        }
    }

    /// <returns>True: they use a stage or image, which must be found first.</returns>
    private bool AddTriggers(StagePlan stage)
    {
        stage.HasTriggers = true;
        var expressions = new List<string>();
        if (stage.Base is null)
        {
            expressions.AddRange(stage.Image.Config.OnBuild ?? []);
            stage.Image.Config = stage.Image.Config with { OnBuild = null };
        }
        else
        {
            foreach (var planned in stage.Base.Instructions)
            {
                if (planned.Instruction is Dockerfile.Instructions.OnbuildInstruction onbuild)
                    expressions.Add(onbuild.Expression);
            }
        }

        var more = false;
        for (var place = 0; place < expressions.Count; place++)
        {
            var trigger = DockerfileParser.ParseTrigger(expressions[place], document.File, stage.Lines);
            var linked = table.Link(stage, trigger);
            stage.Instructions.Insert(place, linked);
            more |= linked.Sources.Count > 0;
        }

        stage.StepCount += expressions.Count;
        return more;
    }

    private Platform ParsePlatform(string written, Expansion expansion, LineRange lines)
    {
        if (expansion.Result.Length == 0)
            throw Wrong(Near($"empty platform value from expression {written}", expansion.Unset), lines);
        try
        {
            return Platform.Parse(expansion.Result);
        }
        catch (NaruException error)
        {
            throw Wrong($"failed to parse platform {written}: {Near(error.Message, expansion.Unset)}", lines);
        }
    }

    private string Near(string message, IReadOnlyList<string> unset)
    {
        foreach (var name in unset)
        {
            if (Suggestion.For(name, globals.Names) is { } near)
                return $"{message} (did you mean {near}?)";
        }

        return message;
    }

    private void ReportUnset(IReadOnlyList<string> unset, LineRange lines)
    {
        foreach (var name in unset)
        {
            if (!outline.Known.ContainsKey(name))
                linter.UndefinedArgInFrom(name, Suggestion.For(name, [.. globals.Names, .. outline.Known.Keys]), lines);
        }
    }

    private Expansion Expand(string word, LineRange lines)
    {
        try
        {
            return expander.Expand(word, globals.Values);
        }
        catch (NaruException error)
        {
            throw Wrong(error.Message, lines);
        }
    }

    private void Guarded(LineRange lines, Action action)
    {
        try
        {
            action();
        }
        catch (NaruException error) when (error is not DockerfileException)
        {
            throw Wrong(error.Message, lines);
        }
    }

    private DockerfileException Wrong(string message, LineRange lines) => new(message, document.File, [lines]);
}
