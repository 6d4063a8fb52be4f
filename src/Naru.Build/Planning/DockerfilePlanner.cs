using System.Globalization;
using Naru.Base;
using Naru.Build.Dockerfile;
using Naru.Build.Dockerfile.Linting;
using Naru.Build.Graph;
using Naru.Build.Progress;
using Naru.Oci;

namespace Naru.Build.Planning;

/// <summary>Turns one Dockerfile into steps, or tells what it would do. One object a build; not for several threads at once.</summary>
/// <param name="images">Asked for the images that the build needs, and no others.</param>
/// <param name="source">The Dockerfile.</param>
/// <param name="readStep">The step that read it, which the warnings belong to.</param>
public sealed class DockerfilePlanner(IImageResolver images, ReadOnlyMemory<byte> source, string fileName, PlanOptions options, Digest readStep)
{
    // Until the options of the file are known, nothing can be noticed.
    private Linter linter = new(new LintOptions());

    /// <summary>What the linter noticed so far, also where planning failed; each once.</summary>
    public IReadOnlyList<BuildWarning> Warnings
    {
        get
        {
            var warnings = new List<BuildWarning>();
            var bytes = source.ToArray();
            var told = new HashSet<LintWarning>();
            foreach (var warning in linter.Warnings)
            {
                if (!told.Add(warning))
                    continue;
                warnings.Add(new BuildWarning(readStep)
                {
                    Short = string.Create(CultureInfo.InvariantCulture, $"{warning.Rule.Name}: {warning.Detail} (line {warning.Lines.Start})"),
                    Detail = [warning.Rule.Description],
                    Url = warning.Rule.Url,
                    Lines = new SourceLines(fileName, warning.Lines.Start, warning.Lines.End),
                    Source = bytes,
                });
            }

            return warnings;
        }
    }

    /// <exception cref="DockerfileException">The Dockerfile is at fault.</exception>
    /// <exception cref="NaruException">The options are (an unknown target, an entitlement that is missing), or <c>check=error=true</c> made an error of a warning.</exception>
    public async Task<BuildPlan> Plan(CancellationToken cancel)
    {
        var document = Parse();
        var planned = new List<PlannedImage>();
        foreach (var platform in options.Platforms)
        {
            // The same warnings again for each platform would help nobody.
            var noticed = planned.Count == 0 ? linter : new Linter(new LintOptions());
            var planning = new PlatformPlanner(images, document, options, platform, noticed);
            var target = await planning.Plan(false, cancel);
            linter.ThrowIfErrors();
            planned.Add(planning.Finish(target));
        }

        return new BuildPlan(planned, Warnings);
    }

    /// <summary><c>--call=check</c>: plans every stage, or the target's, and runs nothing.</summary>
    public async Task<CheckResult> Check(CancellationToken cancel)
    {
        try
        {
            var planning = new PlatformPlanner(images, Parse(), options, options.Platforms[0], linter);
            await planning.Plan(options.Target.Length == 0, cancel);
            return new CheckResult(fileName, source, [.. linter.Warnings], null);
        }
        catch (NaruException error)
        {
            return new CheckResult(fileName, source, [.. linter.Warnings], error);
        }
    }

    /// <summary><c>--call=outline</c>: the parameters of the target.</summary>
    public async Task<OutlineResult> Outline(CancellationToken cancel)
    {
        var planning = new PlatformPlanner(images, Parse(), options, options.Platforms[0], linter);
        return OutlineResult.Of(await planning.Plan(false, cancel), source);
    }

    /// <summary><c>--call=targets</c>: the stages.</summary>
    public TargetsResult Targets() => TargetsResult.Of(Parse());

    private DockerfileDocument Parse()
    {
        if (source.IsEmpty)
            throw new DockerfileException("the Dockerfile cannot be empty", new SourceFile(fileName, source), []);
        var directives = DockerfileDirectives.Read(new SourceFile(fileName, source));
        // A frontend that is asked for by name and that we do not know may speak another language.
        var frontend = options.BuildArgs.GetValueOrDefault("BUILDKIT_SYNTAX") ?? directives.Syntax;
        if (frontend is not null && !KnownFrontends.Contains(frontend))
        {
            throw new DockerfileException($"frontend {frontend} cannot run here: only docker/dockerfile, which is built in, can",
                new SourceFile(fileName, source), directives.SyntaxLines is { } lines ? [lines] : []);
        }

        linter = new Linter(LintOptions.Parse(options.BuildArgs.GetValueOrDefault("BUILDKIT_DOCKERFILE_CHECK") ?? directives.Check));
        return DockerfileParser.Parse(source, fileName, linter);
    }
}
