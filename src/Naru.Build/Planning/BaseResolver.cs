using Naru.Base;
using Naru.Build.Dockerfile;
using Naru.Build.Dockerfile.Linting;
using Naru.Build.Graph;
using Naru.Build.Sources;
using Naru.Oci;

namespace Naru.Build.Planning;

/// <summary>Finds what a stage stands on: an image, a named context, or nothing.</summary>
internal sealed class BaseResolver(
    IImageResolver images, DockerfileDocument document, PlanOptions options, Platform target, StageTable table, ContextFiles context, StepNames names, Linter linter)
{
    private static readonly string[] s_common = ["alpine", "busybox", "centos", "debian", "golang", "ubuntu", "fedora"];

    public async Task Resolve(StagePlan stage, CancellationToken cancel)
    {
        stage.IsResolved = true;
        stage.IsPlanned = stage.IsImageOnly || stage.ReplacedBy is not null;
        var its = stage.Platform ?? target;
        try
        {
            var replacement = stage.ReplacedBy;
            if (replacement is null && stage.BaseName == "scratch")
            {
                stage.Image = ImageDraft.Scratch(target);
                stage.Platform = target;
                return;
            }

            replacement = ForPlatform(stage.Name, replacement, its) ?? ForPlatform(stage.BaseName, NamedContext(stage.BaseName), its);
            if (replacement is null)
                await UseImage(stage, stage.BaseName, null, its, cancel);
            else if (replacement.StartsWith("docker-image://", StringComparison.Ordinal))
                await UseImage(stage, replacement["docker-image://".Length..], ContextLabel(stage), its, cancel);
            else if (replacement.StartsWith(LayoutSource.Scheme, StringComparison.Ordinal))
                UseResolved(stage, await images.ResolveLayout(replacement, ContextName(stage), its, cancel), its, $"{ContextLabel(stage)} OCI load from client");
            else if (replacement.StartsWith("input:", StringComparison.Ordinal))
                UseGiven(stage, replacement["input:".Length..], its);
            else
                UseFiles(stage, replacement, its);
        }
        catch (NaruException error) when (error is not DockerfileException)
        {
            throw new DockerfileException(error.Message, document.File, [stage.Lines], error);
        }
    }

    /// <summary>One of a platform's own comes first: <c>NAME::linux/amd64</c>.</summary>
    private string? ForPlatform(string name, string? replacement, Platform its) =>
        name.Length > 0 && options.NamedContexts.TryGetValue($"{name}::{its.Normalise()}", out var own) ? own : replacement;

    /// <summary>What another build made, with that build's config.</summary>
    private void UseGiven(StagePlan stage, string name, Platform its)
    {
        if (!options.Given.TryGetValue(name, out var given))
            throw NaruException.Invalid($"invalid input {GoText.Quote(name)}: no result of another build has that name");
        stage.Image = ImageDraft.On(given.Planned.Config);
        stage.BaseImage = given.Planned.Base;
        stage.Platform = its;
        if (given.Planned.Result is not null)
            stage.Result = new GivenStep { Name = $"{ContextLabel(stage)} from another target", Platform = its, Result = given.Result };
    }

    private string? NamedContext(string name)
    {
        if (options.NamedContexts.Count == 0)
            return null;
        if (options.NamedContexts.TryGetValue(name, out var exact))
            return exact;
        if (!ImageReference.TryParse(name, out var reference))
            return null;
        // busybox, busybox:latest and docker.io/library/busybox are one name.
        var full = reference.WithDefaultTag().ToString();
        foreach (var (key, value) in options.NamedContexts)
        {
            if (ImageReference.TryParse(key, out var other) && other.WithDefaultTag().ToString() == full)
                return value;
        }

        return null;
    }

    /// <param name="label">How progress calls the named context that the image is; null: it is none.</param>
    private async Task UseImage(StagePlan stage, string name, string? label, Platform its, CancellationToken cancel)
    {
        if (!ImageReference.TryParse(name, out var reference))
        {
            var why = "";
            try
            {
                _ = ImageReference.Parse(name);
            }
            catch (NaruException error)
            {
                why = error.Message;
            }

            throw NaruException.Invalid($"failed to parse stage name {GoText.Quote(name)}: {why}");
        }

        var full = reference.WithDefaultTag().ToString();
        ResolvedImage image;
        try
        {
            image = await images.Resolve(full, its, cancel);
        }
        catch (NaruException error)
        {
            throw new NaruException(error.Kind, Suggestion.Append($"{name}: {error.Message}", name, Known()), error);
        }

        UseResolved(stage, image, its, label is null ? null : $"{label} {name}", name);
    }

    /// <param name="label">How progress calls the step; null: as a FROM.</param>
    /// <param name="name">As the Dockerfile has it.</param>
    private void UseResolved(StagePlan stage, ResolvedImage image, Platform its, string? label, string? name = null)
    {
        name ??= stage.BaseName;
        stage.BaseImage = image;
        stage.Image = ImageDraft.On(image.Config);
        var actual = image.Config.Platform;
        if (stage.Platform is null && options.PlatformIsImplied && options.BuildPlatform.Os == actual.Os && options.BuildPlatform.Architecture == actual.Architecture)
            its = options.BuildPlatform;
        stage.Platform = its;
        if (its.Os != actual.Os || its.Architecture != actual.Architecture)
            linter.InvalidBaseImagePlatform(name, its.Normalise().ToString(), actual.Normalise().ToString(), stage.Lines);
        if (image.Config.RootFs.DiffIds.Count == 0)
            return;
        var reference = ImageReference.Parse(image.Reference);
        var shown = image.IsLocal || !reference.Digest.IsEmpty ? image.Reference : image.Reference + "@" + image.Target;
        stage.Result = new ImageStep
        {
            Name = label ?? names.Next(stage, "FROM " + shown),
            Platform = its,
            Lines = new SourceLines(document.File.Name, stage.Lines.Start, stage.Lines.End),
            Image = image,
        };
    }

    private void UseFiles(StagePlan stage, string location, Platform its)
    {
        stage.Image = ImageDraft.Scratch(its);
        stage.Platform = its;
        var name = ContextName(stage);
        var label = ContextLabel(stage);
        if (location.StartsWith("local:", StringComparison.Ordinal))
        {
            var local = location["local:".Length..];
            stage.Result = local == options.ContextLocal && options.ContextStep is not null ? context.Step : new ContextStep
            {
                Name = label + " load from client",
                Platform = options.BuildPlatform,
                Local = local,
                Exclude = options.NamedIgnore.GetValueOrDefault(name) ?? [],
            };
        }
        else if (GitReference.Parse(location) is { } git)
        {
            stage.Result = git.ToStep($"{label} load from git", its, null, "");
        }
        else if (location.StartsWith("http://", StringComparison.Ordinal) || location.StartsWith("https://", StringComparison.Ordinal))
        {
            var download = new HttpStep { Name = $"{label} load from URL", Platform = its, Url = location, FileName = "context" };
            stage.Result = new FileStep
            {
                Name = $"{label} extract",
                Platform = its,
                Actions = [new CopyAction { From = download, Sources = ["/context"], Target = "/", Wildcards = false, Unpack = true }],
            };
        }
        else
        {
            throw NaruException.Invalid($"named context {name}: {location} is not supported: local folders, images, OCI layouts, git repositories and URLs are");
        }
    }

    private static string ContextName(StagePlan stage) => stage.ReplacedBy is null ? stage.BaseName : stage.Name;

    private static string ContextLabel(StagePlan stage) => $"[context {ContextName(stage)}]";

    private List<string> Known()
    {
        var known = table.Names;
        foreach (var image in s_common)
        {
            known.Add(image);
            known.Add(image + ":latest");
        }

        return known;
    }
}
